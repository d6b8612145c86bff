package com.akidb.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.AkidbApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process with a wrong configuration. */
class RefusedStartTests {

    @TempDir
    Path directory;

    @Test
    void endsWithAListOfProblemsAndNoStackTrace() throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AkidbApplication.class.getName(),
                        "--akidb.embedding.batch-size=99",
                        "--akidb.embeding.pooling=cls",
                        "--server.address=::"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(output))
                .contains("The configuration has 3 problems")
                .contains("akidb.embedding.batch-size (command line): must be 1 to 32, is '99'")
                .contains("akidb.embeding.pooling (command line): is not a known key;"
                        + " did you mean akidb.embedding.pooling?")
                .contains("server.address: binding to :: lets everybody")
                .contains("\"problem\":")
                .doesNotContain("\tat ");
    }
}
