package com.akidb.configuration;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.env.Environment;

/** The settings of all rooms, as far as they could be bound, for checks that no single record can make. */
public final class BoundSettings {

    private final Environment environment;
    private final Map<Class<?>, Object> byType = new HashMap<>();

    BoundSettings(Environment environment) {
        this.environment = environment;
    }

    void add(Object settings) {
        byType.put(settings.getClass(), settings);
    }

    /** The settings of that type; empty if they could not be bound, which is then a problem of its own. */
    public <T> Optional<T> get(Class<T> type) {
        return Optional.ofNullable(byType.get(type)).map(type::cast);
    }

    /** Settings that are not AkiDB's own, such as {@code server.address}. */
    public Environment environment() {
        return environment;
    }
}
