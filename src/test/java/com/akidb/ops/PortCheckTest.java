package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

class PortCheckTest {

    @TempDir
    Path data;

    private static MockEnvironment at(int rest, int grpc) {
        return new MockEnvironment()
                .withProperty("server.address", "127.0.0.1")
                .withProperty("server.port", Integer.toString(rest))
                .withProperty("spring.grpc.server.address", "127.0.0.1")
                .withProperty("spring.grpc.server.port", Integer.toString(grpc));
    }

    @Test
    void tellsEachPortThatSomebodyHasAndHowToChooseAnother() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThat(PortCheck.problems(at(port, port)))
                    .hasSize(2)
                    .anySatisfy(problem -> assertThat(problem)
                            .contains("Port " + port + " of REST at 127.0.0.1")
                            .contains("--server.port"))
                    .anySatisfy(problem -> assertThat(problem).contains("--spring.grpc.server.port"));
            assertThat(PortCheck.problems(at(0, 0))).isEmpty();
        }
    }

    @Test
    void endsTheStartInPlainTextBeforeTheDataDirectoryIsMade() throws Exception {
        Path directory = data.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerProcess server = new ServerProcess(directory, taken.getLocalPort())) {
            assertThat(server.awaitLine("AkiDB did not start.")).isTrue();
            assertThat(server.awaitLine("Port " + taken.getLocalPort() + " of REST at 127.0.0.1 cannot be had"))
                    .isTrue();
            assertThat(server.awaitPort()).isZero();
            assertThat(Files.exists(directory)).isFalse();
        }
    }
}
