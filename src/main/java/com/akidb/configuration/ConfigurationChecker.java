package com.akidb.configuration;

import com.akidb.configuration.SettingsRecords.SettingsRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** Stops the start, before any bean is made, with everything that is wrong with the configuration. */
public final class ConfigurationChecker implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ClassLoader loader = Optional.ofNullable(context.getClassLoader()).orElseGet(getClass()::getClassLoader);
        List<ConfigurationProblem> problems = problems(context.getEnvironment(), loader);
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
    }

    /** Everything that is wrong: unknown keys, values that do not fit, and what the rooms' own checks find. */
    static List<ConfigurationProblem> problems(ConfigurableEnvironment environment, ClassLoader loader) {
        SettingsRecords settings = SettingsRecords.read(loader);
        List<ConfigurationProblem> problems = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EmbeddingConfigSource file) {
                problems.addAll(file.problems());
            }
        }
        problems.addAll(UnknownKeys.in(environment, settings.keys()));

        BoundSettings bound = new BoundSettings(environment);
        Binder binder = Binder.get(environment);
        for (SettingsRecord record : settings.records()) {
            CollectingBindHandler handler = new CollectingBindHandler();
            Object value = handler.bind(binder, record.prefix(), Bindable.of(record.type()));
            problems.addAll(handler.problems());
            if (handler.problems().isEmpty()) {
                bound.add(value == null ? binder.bindOrCreate(record.prefix(), record.type()) : value);
            }
        }
        for (ConfigurationCheck check :
                SpringFactoriesLoader.forDefaultResourceLocation(loader).load(ConfigurationCheck.class)) {
            problems.addAll(check.check(bound));
        }
        return problems;
    }
}
