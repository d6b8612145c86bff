package com.akidb.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Chooses between log lines for people and log lines for machines, before the logging system starts. A format that was
 * set by Spring's own key is left alone.
 */
final class LogFormatSelector implements EnvironmentPostProcessor {

    private static final String SPRING_KEY = "logging.structured.format.console";
    private static final Path STDOUT = Path.of("/proc/self/fd/1");

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (environment.containsProperty(SPRING_KEY)) {
            return;
        }
        String chosen = environment.getProperty("akidb.ops.log-format", "auto").toLowerCase(Locale.ROOT);
        if (chosen.equals("json") || (chosen.equals("auto") && !stdoutIsTerminal())) {
            environment
                    .getPropertySources()
                    .addLast(new MapPropertySource("akidbLogFormat", Map.of(SPRING_KEY, "logstash")));
        }
    }

    private static boolean stdoutIsTerminal() {
        try {
            String target = Files.readSymbolicLink(STDOUT).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException noProc) {
            return System.console() != null;
        }
    }
}
