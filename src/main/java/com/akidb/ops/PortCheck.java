package com.akidb.ops;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** Looks whether the ports can be had before anything is opened or loaded, since a model takes long and they are opened last. */
final class PortCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        List<String> problems = problems(context.getEnvironment());
        if (!problems.isEmpty()) {
            throw new StartFailureException(String.join("\n", problems), null);
        }
    }

    /** A sentence for each port that cannot be had. */
    static List<String> problems(Environment environment) {
        List<String> problems = new ArrayList<>();
        look(environment, "REST", "server", 8080, problems);
        if (environment.getProperty("spring.grpc.server.enabled", Boolean.class, true)) {
            look(environment, "gRPC", "spring.grpc.server", 9090, problems);
        }
        if (environment.containsProperty("management.server.port")) {
            look(environment, "management", "management.server", 0, problems);
        }
        return problems;
    }

    private static void look(Environment environment, String of, String keys, int standard, List<String> problems) {
        int port = environment.getProperty(keys + ".port", Integer.class, standard);
        String address = environment.getProperty(keys + ".address", "");
        if (port <= 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(
                    address.isEmpty()
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(InetAddress.getByName(address), port));
        } catch (IOException e) {
            problems.add("Port " + port + " of " + of + (address.isEmpty() ? "" : " at " + address)
                    + " cannot be had: " + e.getMessage() + ". End the program that has it, or choose another by --"
                    + keys + ".port");
        }
    }
}
