package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class LogFormatSelectorTest {

    private static final String SPRING_KEY = "logging.structured.format.console";

    @Test
    void writesJsonWhenAskedTo() {
        assertThat(selected(Map.of("akidb.ops.log-format", "json"))).isEqualTo("logstash");
    }

    @Test
    void writesTextWhenAskedTo() {
        assertThat(selected(Map.of("akidb.ops.log-format", "TEXT"))).isNull();
    }

    @Test
    void leavesAFormatSetBySpringsOwnKeyAlone() {
        assertThat(selected(Map.of("akidb.ops.log-format", "json", SPRING_KEY, "ecs")))
                .isEqualTo("ecs");
    }

    private static @Nullable String selected(Map<String, Object> settings) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        new LogFormatSelector().postProcessEnvironment(environment, new SpringApplication());
        return environment.getProperty(SPRING_KEY);
    }
}
