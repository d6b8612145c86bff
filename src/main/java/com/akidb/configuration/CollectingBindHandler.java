package com.akidb.configuration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;

/**
 * Binds on where Spring would stop, and remembers every failure. A value that failed counts as not given. A record
 * refuses its values one at a time, by an IllegalArgumentException whose message starts with the key to blame; so it is
 * bound again without that value until it has no more to refuse.
 */
public final class CollectingBindHandler extends AbstractBindHandler {

    private static final Pattern KEY = Pattern.compile("akidb(\\.[a-z0-9-]+(\\[[^]]*])?)+");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)[:}]");

    private final List<ConfigurationProblem> problems = new ArrayList<>();
    private final Set<ConfigurationPropertyName> failed = new HashSet<>();
    private boolean again;

    /** Binds, and binds again as long as that brings more problems to light. */
    public <T> @Nullable T bind(Binder binder, String prefix, Bindable<T> target) {
        T bound;
        do {
            again = false;
            bound = binder.bind(prefix, target, this).orElse(null);
        } while (again);
        return bound;
    }

    /** What was wrong so far, in the order in which it was met. */
    public List<ConfigurationProblem> problems() {
        return List.copyOf(problems);
    }

    @Override
    public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
        return failed.contains(name) ? null : target;
    }

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
        String refusal = refusalOf(error);
        Matcher blamed = KEY.matcher(refusal);
        boolean isRefused = !refusal.isEmpty() && blamed.lookingAt();
        ConfigurationPropertyName key = isRefused ? ConfigurationPropertyName.of(blamed.group()) : name;
        if (failed.add(key)) {
            again = isRefused;
            ConfigurationProperty property = propertyOf(key, context);
            String origin = property == null ? null : originOf(property);
            String rule = isRefused ? refusal.substring(blamed.end()).strip() : ruleOf(target, refusal);
            String given = property == null || isSecret(key) ? "" : ", is '" + valueOf(key, context) + "'";
            problems.add(
                    new ConfigurationProblem(key.toString(), origin, rule.contains(", is ") ? rule : rule + given));
        }
        return null;
    }

    /** The message with which a record refused its values; empty if a value could not be converted at all. */
    private static String refusalOf(Throwable error) {
        String refusal = "";
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            boolean ofRecord = Arrays.stream(cause.getStackTrace())
                    .findFirst()
                    .map(frame -> frame.getClassName().startsWith("com.akidb."))
                    .orElse(false);
            if (ofRecord && cause instanceof IllegalArgumentException && message != null) {
                refusal = message;
            }
        }
        return refusal;
    }

    private static @Nullable ConfigurationProperty propertyOf(ConfigurationPropertyName key, BindContext context) {
        for (ConfigurationPropertySource source : context.getSources()) {
            ConfigurationProperty property = source.getConfigurationProperty(key);
            if (property != null) {
                return property;
            }
        }
        return null;
    }

    /** The place of a value; if it refers to a variable, that is the place to look at first. */
    private static @Nullable String originOf(ConfigurationProperty property) {
        String origin = Origins.describe(property.getOrigin());
        Matcher variable = VARIABLE.matcher(String.valueOf(property.getValue()));
        return variable.find() ? variable.group(1) + " or " + origin : origin;
    }

    private static String valueOf(ConfigurationPropertyName key, BindContext context) {
        return context.getBinder().bind(key, Bindable.of(String.class)).orElse("");
    }

    private static boolean isSecret(ConfigurationPropertyName key) {
        return key.toString().matches(".*(token|key|password|secret)$");
    }

    private static String ruleOf(Bindable<?> target, String refusal) {
        if (!refusal.isEmpty()) {
            return refusal;
        }
        Class<?> type = target.getType().resolve(Object.class);
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant ->
                            constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(", ", "must be one of ", ""));
        }
        return "must be "
                + switch (type.getSimpleName()) {
                    case "int", "Integer", "long", "Long" -> "a whole number";
                    case "float", "Float", "double", "Double" -> "a number";
                    case "boolean", "Boolean" -> "true or false";
                    case "Duration" -> "a duration such as 500ms, 30s or 5m";
                    case "DataSize" -> "a size such as 512KB or 16MB";
                    case "Path" -> "a path";
                    default -> "a " + type.getSimpleName();
                };
    }
}
