package com.akidb.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.AkidbApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Runs the commands of the guides, in their order and by bash, against a whole server of their own, and holds what they
 * print to what the guides say. Guides to run are listed in {@link #GUIDES}; they name the server by its default address.
 */
class GuideExamplesTest {

    private static final List<String> GUIDES = List.of("docs/TABLES-GUIDE.md", "docs/FILTERS.md");
    private static final String ADDRESS = "http://127.0.0.1:8080";

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> theGuidesTellTheTruth() {
        return GUIDES.stream().map(guide -> DynamicTest.dynamicTest(guide, () -> run(guide)));
    }

    private void run(String guide) throws IOException, InterruptedException {
        List<Example> examples = Example.in(Files.readString(Path.of(guide)));
        assertThat(examples).as("commands in " + guide).isNotEmpty();
        Path own = Files.createDirectories(directory.resolve(guide.replace('/', '-')));
        try (ConfigurableApplicationContext server = SpringApplication.run(
                AkidbApplication.class,
                "--server.port=0",
                "--spring.grpc.server.port=0",
                "--akidb.data-dir=" + own.resolve("data"),
                "--spring.main.register-shutdown-hook=false")) {
            String address = "http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port");
            for (Example example : examples) {
                String printed = bash(example.command().replace(ADDRESS, address), own);
                String difference = Likeness.difference(example.expected(), printed);
                assertThat(difference)
                        .as(guide + ":" + example.line() + "\n" + example.command())
                        .isEmpty();
            }
        }
    }

    private static String bash(String command, Path directory) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder("bash", "-c", command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(1, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        String printed = Files.readString(output);
        assertThat(ended).as("ends within a minute: " + command).isTrue();
        assertThat(process.exitValue()).as(command + "\n" + printed).isZero();
        return printed.strip();
    }

    @Test
    void takesCommandsAndWhatTheyPrintOutOfConsoleBlocks() {
        String guide = """
                Text
                ```console
                $ curl a \\
                    -d '{}'
                {"a":1}

                $ curl b
                ```
                ```json
                $ nothing
                ```
                """;

        assertThat(Example.in(guide))
                .containsExactly(new Example(3, "curl a \\\n    -d '{}'", "{\"a\":1}"), new Example(7, "curl b", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a":1}                    | {"a":2}                    | true
            {"a":1}                    | {"a":1,"b":1}              | true
            {"a":[1]}                  | {"a":[1,2]}                | true
            {"a":[1,"..."]}            | {"a":[1,2]}                | false
            {"a":0.501}                | {"a":0.502}                | false
            {"a":0.5}                  | {"a":0.6}                  | true
            {"version":1,"a":"x"}      | {"version":2,"a":"x"}      | false
            {"version":1}              | {"version":"x"}            | true
            plain                      | plain                      | false
            plain                      | other                      | true
            """)
    void seesWhatDiffersAndNotWhatChangesFromRunToRun(String expected, String printed, boolean differs) {
        assertThat(!Likeness.difference(expected, printed).isEmpty()).isEqualTo(differs);
    }
}
