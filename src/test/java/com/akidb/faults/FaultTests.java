package com.akidb.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A share of what {@code scripts/faults} does: more points with {@code -Dakidb.faults.points=2000}. */
class FaultTests {

    @TempDir
    private Path work;

    @Test
    void losesNothingThatWasAnsweredWhereverCallsOfTheFileSystemFail() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "calls can be made to fail on Linux only");
        Path library = work.resolve("libfaults.so");
        assumeTrue(compiles(library), "there is no g++ to build the library with that lets calls fail");
        Path data = Files.createDirectory(work.resolve("data"));
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FaultRuns.class.getName(),
                        library.toString(),
                        System.getProperty("akidb.faults.points", "60"),
                        data.toString())
                .redirectErrorStream(true);
        builder.environment().put("LD_PRELOAD", library.toString());
        Process process = builder.start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(told).isZero();
        assertThat(told).contains(" 0 wrong").contains("| restore |");
    }

    private static boolean compiles(Path library) throws InterruptedException {
        try {
            return new ProcessBuilder(List.of(
                                    "g++",
                                    "-O2",
                                    "-shared",
                                    "-fPIC",
                                    "-o",
                                    library.toString(),
                                    "src/test/native/faulty_files.cpp",
                                    "-ldl"))
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noCompiler) {
            return false;
        }
    }
}
