package com.akidb.configuration;

import com.akidb.error.Suggestion;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The keys that settings may have, compared as Spring's relaxed binding does: case, dashes and underscores do not count,
 * and neither does which element of a list is meant.
 */
public final class KnownKeys {

    private final SortedMap<String, String> canonicalByUniform = new TreeMap<>();

    /** Adds a key, such as {@code akidb.models.file}. */
    public KnownKeys add(String key) {
        canonicalByUniform.put(uniform(key), key);
        return this;
    }

    /** Adds the keys of a record and of the records in it; elements of lists are written {@code key[]}. */
    public KnownKeys addRecord(String prefix, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix.isEmpty() ? dashed(component.getName()) : prefix + "." + dashed(component.getName());
            addType(key, component.getGenericType());
        }
        return this;
    }

    private void addType(String key, Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            add(key);
            if (Collection.class.isAssignableFrom(raw)) {
                addType(key + "[]", generic.getActualTypeArguments()[0]);
            } else if (Map.class.isAssignableFrom(raw)) {
                add(key + ".*");
            }
        } else if (type instanceof Class<?> plain && plain.isRecord()) {
            addRecord(key, plain);
        } else {
            add(key);
        }
    }

    /** All keys, sorted. */
    public Collection<String> all() {
        return canonicalByUniform.values();
    }

    /** Whether settings may have this key, or keys below it. */
    public boolean knows(String key) {
        String uniform = uniform(key);
        if (canonicalByUniform.containsKey(uniform)) {
            return true;
        }
        for (int dot = uniform.lastIndexOf('.'); dot > 0; dot = uniform.lastIndexOf('.', dot - 1)) {
            if (canonicalByUniform.containsKey(uniform.substring(0, dot) + ".*")) {
                return true;
            }
        }
        return false;
    }

    /** The known key that looks most like an unknown one, if any does; what all have in common does not count. */
    public Optional<String> nearest(String key) {
        Map<String, String> canonical = new TreeMap<>();
        canonicalByUniform.forEach((uniform, known) -> canonical.put(rootless(uniform), known));
        return Suggestion.nearest(rootless(uniform(key)), canonical.keySet()).map(canonical::get);
    }

    /** What is wrong with an unknown key. */
    public ConfigurationProblem unknown(String key, String origin) {
        String hint = nearest(key).map(near -> "; did you mean " + near + "?").orElse("");
        return new ConfigurationProblem(key, origin, "is not a known key" + hint);
    }

    static String uniform(String key) {
        return key.toLowerCase(Locale.ROOT).replaceAll("[-_]", "").replaceAll("\\[\\d+]", "[]");
    }

    static String dashed(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static String rootless(String uniform) {
        return uniform.replaceFirst("^akidb\\.?", "");
    }
}
