package com.akidb.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Finds keys under {@code akidb.} that set nothing. The environment is shared with other programs and, under Kubernetes,
 * with the addresses of services, so a variable is called wrong only if it starts like a group of settings or looks much
 * like a key.
 */
final class UnknownKeys {

    private static final String ROOT = "akidb.";
    /** What the test suite is told, such as the seed of its random tests. */
    private static final String OF_TESTS = "akidb.test.";

    private static final String VARIABLE_ROOT = "AKIDB_";
    /** Variables that are read under their own name; those of the scripts among them. */
    private static final Set<String> VARIABLES = Set.of(
            "AKIDB_CACHE_DIR", "AKIDB_EMBEDDING_CONFIG", "AKIDB_EXPECT_MODEL", "AKIDB_MLX_CACHE", "AKIDB_MLX_COMPILE");

    private static final Pattern OF_KUBERNETES =
            Pattern.compile(".*_SERVICE_(HOST|PORT).*|.*_PORT(_\\d+_(TCP|UDP).*)?");

    private UnknownKeys() {}

    static List<ConfigurationProblem> in(ConfigurableEnvironment environment, KnownKeys known) {
        List<ConfigurationProblem> problems = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
                variables(source, known, problems);
            } else if (source instanceof EnumerablePropertySource<?> enumerable) {
                for (String key : enumerable.getPropertyNames()) {
                    if (key.toLowerCase(Locale.ROOT).startsWith(ROOT)
                            && !key.startsWith(OF_TESTS)
                            && !known.knows(key)) {
                        problems.add(known.unknown(key, originOf(key, source)));
                    }
                }
            }
        }
        return problems;
    }

    private static String originOf(String key, PropertySource<?> source) {
        String origin = Origins.describe(OriginLookup.getOrigin(source, key));
        return origin == null ? Origins.place(source.getName()) : origin;
    }

    private static void variables(PropertySource<?> source, KnownKeys known, List<ConfigurationProblem> problems) {
        if (!(source instanceof EnumerablePropertySource<?> enumerable)) {
            return;
        }
        KnownKeys asVariables = new KnownKeys();
        Map<String, String> groups = new TreeMap<>();
        for (String key : known.all()) {
            asVariables.add(variableOf(key));
            String[] steps = key.split("\\.", -1);
            if (steps.length > 2) {
                groups.put(variableOf(steps[0] + "." + steps[1]) + "_", key);
            }
        }
        for (String name : enumerable.getPropertyNames()) {
            String variable = name.toUpperCase(Locale.ROOT);
            if (!variable.startsWith(VARIABLE_ROOT)
                    || VARIABLES.contains(variable)
                    || OF_KUBERNETES.matcher(variable).matches()
                    || asVariables.knows(variable.replaceAll("_\\d+(?=_|$)", ""))) {
                continue;
            }
            boolean inGroup = groups.keySet().stream().anyMatch(variable::startsWith);
            if (inGroup || asVariables.nearest(variable).isPresent()) {
                problems.add(asVariables.unknown(name, "environment"));
            }
        }
    }

    /** The variable that sets a key: capitals, underscores between and for dashes. */
    private static String variableOf(String key) {
        return key.replace("[]", "").replace("-", "_").replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
