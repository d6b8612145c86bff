package com.akidb.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.security.ApiKeys;
import com.akidb.security.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What stops the start because it would not be safe. */
class SecurityChecksTests {

    @TempDir
    private Path directory;

    private List<String> problemsOf(String... arguments) {
        StandardEnvironment environment = new StandardEnvironment();
        String[] all = Stream.concat(
                        Stream.of("--akidb.data-dir=" + directory, "--spring.grpc.server.address=127.0.0.1"),
                        Arrays.stream(arguments))
                .toArray(String[]::new);
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(all));
        ConfigurationPropertySources.attach(environment);
        return ConfigurationChecker.problems(environment, getClass().getClassLoader()).stream()
                .map(ConfigurationProblem::toString)
                .toList();
    }

    @Test
    void asksForTlsWhereKeysWouldTravelForAllToRead() {
        new ApiKeys(directory, InstantSource.system()).create("a", Set.of(Scope.READ), null, null);

        assertThat(problemsOf("--server.address=0.0.0.0"))
                .singleElement()
                .asString()
                .contains("server.address: binding to 0.0.0.0 without TLS", "akidb.security.allow-plaintext=true");
        assertThat(problemsOf("--server.address=0.0.0.0", "--akidb.security.allow-plaintext=true"))
                .isEmpty();
        assertThat(problemsOf("--server.address=127.0.0.1")).isEmpty();
    }

    @Test
    void takesAFileOfKeysThatCannotBeReadForNoServerWithoutKeys() throws IOException {
        Files.createDirectories(directory.resolve("security"));
        Files.writeString(directory.resolve("security/keys.json"), "{");

        assertThat(problemsOf("--server.address=127.0.0.1", "--akidb.security.allow-anonymous=true"))
                .singleElement()
                .asString()
                .contains("akidb.data-dir: its API keys cannot be read", "keys.json is damaged");
    }

    @Test
    void saysWhatIsWrongWithCertificates() throws IOException {
        Path text = Files.writeString(directory.resolve("text.pem"), "no certificate");

        assertThat(problemsOf(
                        "--server.address=127.0.0.1",
                        "--akidb.security.tls.certificate=" + text,
                        "--akidb.security.tls.private-key=" + directory.resolve("none.pem")))
                .hasSize(2)
                .anyMatch(problem -> problem.startsWith("akidb.security.tls.certificate: cannot be used: " + text))
                .anyMatch(problem -> problem.contains("akidb.security.tls.private-key: cannot be used: ")
                        && problem.contains("none.pem"));
        assertThat(problemsOf("--server.address=127.0.0.1", "--akidb.security.tls.certificate=" + text))
                .singleElement()
                .asString()
                .contains("needs certificate and private-key");
    }

    @Test
    void letsNoBundleSpeakMoreThanTls13() {
        String bundle = "--spring.ssl.bundle.pem.own.";
        assertThat(problemsOf(
                        "--server.address=127.0.0.1",
                        "--server.ssl.bundle=own",
                        bundle + "keystore.certificate=file:x.pem",
                        bundle + "options.enabled-protocols=TLSv1.2,TLSv1.3"))
                .containsExactly(
                        "spring.ssl.bundle.pem.own.options.enabled-protocols: must be TLSv1.3 and nothing else");
        assertThat(problemsOf(
                        "--server.address=127.0.0.1",
                        "--server.ssl.bundle=own",
                        bundle + "keystore.certificate=file:x.pem",
                        bundle + "options.enabled-protocols=TLSv1.3"))
                .isEmpty();
    }

    @Test
    void refusesWrongValues() {
        assertThat(problemsOf(
                        "--server.address=127.0.0.1",
                        "--akidb.security.rate-limit.requests-per-second=-1",
                        "--akidb.security.audit.max-files=0",
                        "--akidb.security.cors.allowed-origins=app.example.org/path"))
                .hasSize(3)
                .allMatch(problem -> problem.startsWith("akidb.security."));
    }
}
