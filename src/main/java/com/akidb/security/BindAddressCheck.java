package com.akidb.security;

import com.akidb.configuration.BoundSettings;
import com.akidb.configuration.ConfigurationCheck;
import com.akidb.configuration.ConfigurationProblem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;

/** Holds the addresses of REST, gRPC and a management port of its own to the {@link BindRule}. */
final class BindAddressCheck implements ConfigurationCheck {

    private static final String REST = "server.address";
    private static final String GRPC = "spring.grpc.server.address";
    private static final String MANAGEMENT = "management.server.address";

    @Override
    public List<ConfigurationProblem> check(BoundSettings bound) {
        Optional<SecuritySettings> settings = bound.get(SecuritySettings.class);
        if (settings.isEmpty()) {
            return List.of();
        }
        // API keys join here: with at least one, callers are told apart.
        BindRule rule = new BindRule(false, settings.get().allowAnonymous());
        Environment environment = bound.environment();
        Stream<String> keys = Stream.of(REST, GRPC);
        if (environment.containsProperty("management.server.port")) {
            keys = Stream.concat(keys, Stream.of(MANAGEMENT));
        }
        return keys.flatMap(key -> rule.brokenBy(environment.getProperty(key)).stream()
                        .map(broken -> ConfigurationProblem.of(key, broken)))
                .toList();
    }
}
