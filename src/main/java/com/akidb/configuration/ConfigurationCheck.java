package com.akidb.configuration;

import java.util.List;

/**
 * A check over several settings, made before anything starts. Rooms register theirs in {@code META-INF/spring.factories}.
 */
@FunctionalInterface
public interface ConfigurationCheck {

    /** Everything that is wrong; empty if nothing is. */
    List<ConfigurationProblem> check(BoundSettings settings);
}
