package com.akidb.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.origin.Origin;

/** Binds on where Spring would stop, and remembers every failure. A value that failed counts as not given. */
public final class CollectingBindHandler extends AbstractBindHandler {

    private final List<ConfigurationProblem> problems = new ArrayList<>();

    /** What was wrong so far, in the order in which it was met. */
    public List<ConfigurationProblem> problems() {
        return List.copyOf(problems);
    }

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
        ConfigurationProperty property = context.getConfigurationProperty();
        Origin origin = property == null ? null : property.getOrigin();
        problems.add(problem(name, target, property, origin, error));
        return null;
    }

    private static ConfigurationProblem problem(
            ConfigurationPropertyName name,
            Bindable<?> target,
            @Nullable ConfigurationProperty property,
            @Nullable Origin origin,
            Exception error) {
        String broken = ruleOfTheRecord(name, error);
        String from = origin == null ? null : origin.toString();
        if (broken != null) {
            int end = broken.indexOf(' ');
            return new ConfigurationProblem(broken.substring(0, end), from, broken.substring(end + 1));
        }
        Class<?> type = target.getType().resolve(Object.class);
        String given = property == null ? "" : ", is '" + property.getValue() + "'";
        return new ConfigurationProblem(name.toString(), from, "must be " + what(type) + given);
    }

    /** The message with which a settings record refused its values, if it did: the key, a blank, the rule. */
    private static @Nullable String ruleOfTheRecord(ConfigurationPropertyName name, Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (cause instanceof IllegalArgumentException && message != null && message.startsWith(name + ".")) {
                return message.indexOf(' ') > 0 ? message : message + " is not valid";
            }
        }
        return null;
    }

    private static String what(Class<?> type) {
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .map(constant ->
                            constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long" -> "a whole number";
            case "float", "Float", "double", "Double" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "Duration" -> "a duration such as 500ms, 30s or 5m";
            case "DataSize" -> "a size such as 512KB or 16MB";
            case "Path" -> "a path";
            default -> "readable as " + type.getSimpleName();
        };
    }
}
