package com.akidb.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

/**
 * Reads {@code config/embedding_config.yaml}, or the file that AKIDB_EMBEDDING_CONFIG names. Its keys under
 * {@code embedding} become settings under {@code akidb.embedding}, stronger than application.yml and weaker than the
 * environment and the command line.
 */
public final class EmbeddingConfigFile implements EnvironmentPostProcessor, Ordered {

    /** The variable that names another file. */
    static final String VARIABLE = "AKIDB_EMBEDDING_CONFIG";

    private static final String USUAL_PLACE = "config/embedding_config.yaml";
    private static final String KEY = "embedding";

    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String named = environment.getProperty(VARIABLE);
        Path file = Path.of(named == null ? USUAL_PLACE : named);
        if (named == null && !Files.exists(file)) {
            return;
        }
        EmbeddingConfigSource source = read(file);
        MutablePropertySources sources = environment.getPropertySources();
        if (sources.contains(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
            sources.addAfter(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, source);
        } else {
            sources.addLast(source);
        }
    }

    static EmbeddingConfigSource read(Path file) {
        Map<String, Object> settings = new LinkedHashMap<>();
        List<ConfigurationProblem> problems = new ArrayList<>();
        if (Files.isReadable(file)) {
            try {
                for (PropertySource<?> document :
                        new YamlPropertySourceLoader().load(file.toString(), new FileSystemResource(file))) {
                    take((OriginTrackedMapPropertySource) document, settings, problems);
                }
            } catch (IOException | RuntimeException e) {
                problems.add(
                        ConfigurationProblem.of(file.toString(), "must be readable YAML: " + Origins.whyUnreadable(e)));
            }
        } else {
            problems.add(ConfigurationProblem.of(VARIABLE, "must name a readable file, is '" + file + "'"));
        }
        return new EmbeddingConfigSource(file.toString(), settings, problems);
    }

    private static void take(
            OriginTrackedMapPropertySource document,
            Map<String, Object> settings,
            List<ConfigurationProblem> problems) {
        document.getSource().forEach((key, value) -> {
            if (key.startsWith(KEY + ".")) {
                settings.put("akidb." + key.replace('_', '-'), value);
            } else if (!key.equals(KEY)) {
                problems.add(new ConfigurationProblem(
                        key,
                        String.valueOf(document.getOrigin(key)),
                        "is not a known key; everything stands under " + KEY));
            }
        });
    }
}
