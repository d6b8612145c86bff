package com.akidb.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.AkidbApplication;
import com.akidb.TestCertificate;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The machine that a guide speaks of: a folder where its commands run by bash, with {@code scripts/akidb} in it, and a server in
 * this process. What a guide calls 127.0.0.1:8080 or https://akidb.example.org:8080 is that server, /var/lib/akidb and
 * /etc/akidb are folders below this one, and the shell's variables {@code KEY}, {@code WRITER} and {@code BACKEND} last from
 * command to command.
 */
final class GuideServer implements AutoCloseable {

    private static final String SHELL = """
            [ ! -f kept ] || . ./kept
            trap 'declare -p KEY WRITER BACKEND >kept 2>/dev/null' EXIT
            """;
    /** {@code scripts/akidb} as it is built wants a jar; this runs the same classes, and leaves {@code serve} to the test. */
    private static final String AKIDB = """
            #!/usr/bin/env bash
            if [ "$1" = serve ]; then
              shift
              printf '%%s\n' "$@" >serve
            else
              exec '%s/bin/java' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' com.akidb.command.Main "$@"
            fi
            """;

    private final Path directory;
    private @Nullable ConfigurableApplicationContext server;
    private String port = "0";

    GuideServer(Path directory) throws Exception {
        this.directory = directory;
        Path script = Files.createDirectories(directory.resolve("scripts")).resolve("akidb");
        Files.writeString(script, AKIDB.formatted(System.getProperty("java.home"), classPath()));
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Starts a server without keys over the folder's {@code data}. */
    void start() {
        start(List.of("--akidb.data-dir=" + directory.resolve("data")));
    }

    private void start(List<String> options) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(
                "--server.port=0", "--spring.grpc.server.port=0", "--spring.main.register-shutdown-hook=false"));
        server = SpringApplication.run(AkidbApplication.class, all.toArray(String[]::new));
        port = server.getEnvironment().getRequiredProperty("local.server.port");
    }

    /** Makes the certificate of akidb.example.org where the guide has it. */
    void makeCertificate() throws Exception {
        Path files = Files.createDirectories(directory.resolve("etc"));
        TestCertificate.Authority authority = TestCertificate.Authority.make(directory);
        Files.writeString(files.resolve("ca.pem"), TestCertificate.pem(authority.certificate()));
        authority
                .issue("dns:akidb.example.org", "-1d", 30)
                .writeTo(files.resolve("cert.pem"), files.resolve("key.pem"));
    }

    /** Runs a command of the guide, which has to succeed within a minute, and gives what it prints. */
    String run(String command) throws IOException, InterruptedException {
        String here = SHELL
                + command.replace("127.0.0.1:8080", "127.0.0.1:" + port)
                        .replace("/var/lib/akidb", directory.toString())
                        .replace("/etc/akidb", directory.resolve("etc").toString());
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", here)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Files.writeString(directory.resolve(".curlrc"), "connect-to = akidb.example.org:8080:127.0.0.1:" + port);
        builder.environment().put("CURL_HOME", directory.toString());
        builder.environment().put("AKIDB_URL", "http://127.0.0.1:" + port);
        builder.environment().put("AKIDB_DATA_DIR", directory.resolve("data").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(1, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        String printed = Files.readString(output).strip();
        assertThat(ended).as("ends within a minute: " + command).isTrue();
        assertThat(process.exitValue()).as(command + "\n" + printed).isZero();
        Path serve = directory.resolve("serve");
        if (Files.exists(serve)) {
            assertThat(server).as("one server only").isNull();
            start(Files.readAllLines(serve));
            Files.delete(serve);
        }
        return printed;
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
