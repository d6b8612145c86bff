package com.akidb.configuration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says where settings come from, in the words of those who give them. */
public final class Origins {

    private Origins() {}

    /** A file with line and column, or the kind of place; null if it is not known. */
    public static @Nullable String describe(@Nullable Origin origin) {
        if (origin instanceof PropertySourceOrigin source) {
            Origin finer = source.getOrigin();
            return finer == null ? place(source.getPropertySource().getName()) : describe(finer);
        }
        return origin == null ? null : origin.toString();
    }

    /** The kind of place that a property source stands for. */
    static String place(String source) {
        return switch (source) {
            case "commandLineArgs" -> "command line";
            case "systemProperties" -> "system properties";
            case "systemEnvironment" -> "environment";
            default -> source;
        };
    }

    /** Why a file cannot be read by {@link YamlPropertySourceLoader}, in one line. */
    public static String whyUnreadable(Exception error) {
        if (error instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
            Mark mark = yaml.getProblemMark();
            return yaml.getProblem() + " at " + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
        }
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
