package com.akidb.security;

import com.akidb.configuration.BoundSettings;
import com.akidb.configuration.ConfigurationCheck;
import com.akidb.configuration.ConfigurationProblem;
import com.akidb.error.AkidbException;
import com.akidb.security.keys.KeyFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.core.env.Environment;

/** Holds the addresses of REST, gRPC and a management port of its own to the {@link BindRule}. */
final class BindAddressCheck implements ConfigurationCheck {

    private static final String DATA = "akidb.data-dir";

    /** A port: the key of its address, and one that is there if it does TLS. */
    private record Port(String address, String tls) {}

    private static final Port REST = new Port("server.address", "server.ssl.");
    private static final Port GRPC = new Port("spring.grpc.server.address", "spring.grpc.server.ssl.");
    private static final Port MANAGEMENT = new Port("management.server.address", "management.server.ssl.");

    @Override
    public List<ConfigurationProblem> check(BoundSettings bound) {
        Optional<SecuritySettings> settings = bound.get(SecuritySettings.class);
        if (settings.isEmpty()) {
            return List.of();
        }
        Environment environment = bound.environment();
        List<ConfigurationProblem> problems = new ArrayList<>();
        boolean keys = settings.get().requireKeys();
        try {
            keys |= !new KeyFile(Path.of(environment.getProperty(DATA, "data")))
                    .read()
                    .isEmpty();
        } catch (AkidbException unreadable) {
            // Never to be taken for a server without keys.
            problems.add(ConfigurationProblem.of(DATA, "its API keys cannot be read: " + unreadable.detail()));
            keys = true;
        }
        List<Port> ports = environment.containsProperty("management.server.port")
                ? List.of(REST, GRPC, MANAGEMENT)
                : List.of(REST, GRPC);
        for (Port port : ports) {
            boolean encrypted = environment.containsProperty(port.tls() + "bundle")
                    || environment.containsProperty(port.tls() + "key-store")
                    || environment.containsProperty(port.tls() + "certificate");
            BindRule rule = new BindRule(
                    keys,
                    encrypted,
                    settings.get().allowAnonymous(),
                    settings.get().allowPlaintext());
            rule.brokenBy(environment.getProperty(port.address()))
                    .map(broken -> ConfigurationProblem.of(port.address(), broken))
                    .ifPresent(problems::add);
        }
        return problems;
    }
}
