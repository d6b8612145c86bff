package com.akidb.configuration;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.core.env.MapPropertySource;

/** The settings of the embedding configuration file under their names in AkiDB. */
final class EmbeddingConfigSource extends MapPropertySource implements OriginLookup<String> {

    private final List<ConfigurationProblem> problems;

    /**
     * Settings with what could not be made settings.
     *
     * @param settings values that know their origin, by keys under {@code akidb.embedding}
     * @param problems what is wrong with the file itself
     */
    EmbeddingConfigSource(String file, Map<String, Object> settings, List<ConfigurationProblem> problems) {
        super("embedding configuration " + file, settings);
        this.problems = List.copyOf(problems);
    }

    List<ConfigurationProblem> problems() {
        return problems;
    }

    @Override
    public @Nullable Object getProperty(String name) {
        return super.getProperty(name) instanceof OriginTrackedValue tracked
                ? tracked.getValue()
                : super.getProperty(name);
    }

    @Override
    public @Nullable Origin getOrigin(String key) {
        return Origin.from(super.getProperty(key));
    }
}
