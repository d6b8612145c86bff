package com.akidb.account;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of the data a caller may see and change, where that is not everything.
 *
 * @param tables by name, those that there are for the caller; null for all tables and collections, whole
 */
public record Rights(@Nullable Map<String, InTable> tables) {

    /** Everything. */
    public static final Rights ALL = new Rights(null);

    public Rights {
        tables = tables == null ? null : Map.copyOf(tables);
    }

    /**
     * What of a table.
     *
     * @param columns names of those that there are for the caller, beside the primary key; null for all
     * @param conditions filters as JSON, as the REST API has them: there are only rows that satisfy all of them
     */
    public record InTable(@Nullable Set<String> columns, List<String> conditions) {

        /** All of it. */
        public static final InTable WHOLE = new InTable(null, List.of());

        public InTable {
            columns = columns == null ? null : Set.copyOf(columns);
            conditions = List.copyOf(conditions);
        }

        private InTable and(InTable other) {
            Set<String> both = columns == null ? other.columns : columns;
            if (columns != null && other.columns != null) {
                both = new HashSet<>(columns);
                both.retainAll(other.columns);
            }
            List<String> all = new ArrayList<>(conditions);
            other.conditions.stream()
                    .filter(condition -> !conditions.contains(condition))
                    .forEach(all::add);
            return new InTable(both, all);
        }
    }

    /** Whether there is something that the caller may not see. */
    public boolean areLimited() {
        return tables != null;
    }

    /** What of a table the caller may see; null if there is no such table for it. */
    public @Nullable InTable in(String table) {
        return tables == null ? InTable.WHOLE : tables.get(table);
    }

    /** What both allow. */
    public Rights and(Rights other) {
        if (tables == null || other.tables == null) {
            return tables == null ? other : this;
        }
        Map<String, InTable> both = new LinkedHashMap<>();
        tables.forEach((name, here) -> {
            InTable there = other.tables.get(name);
            if (there != null) {
                both.put(name, here.and(there));
            }
        });
        return new Rights(both);
    }
}
