package com.akidb.engine.embedded.store;

import com.akidb.engine.IndexMethod;
import com.akidb.vector.Metric;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The indexes that were asked for. For the thread of its connection; changes belong to its transaction. */
final class CatalogIndexes {

    private static final String INDEXES = """
            SELECT number, name, method, columns, metric, parameters, state, built_to, build_until, error
            FROM akidb_indexes WHERE table_number = ? ORDER BY number""";

    private final Statements statements;

    CatalogIndexes(Statements statements) {
        this.statements = statements;
    }

    /** A table's indexes in the order in which they were made. */
    List<StoredIndex> of(TableNames names) throws SQLException {
        List<StoredIndex> indexes = new ArrayList<>();
        PreparedStatement select = statements.get(INDEXES);
        select.setLong(1, names.number());
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                String metric = row.getString(5);
                indexes.add(new StoredIndex(
                        row.getInt(1),
                        row.getString(2),
                        IndexMethod.valueOf(row.getString(3)),
                        numbers(row.getString(4)),
                        metric == null ? null : Metric.valueOf(metric),
                        parameters(row.getString(6)),
                        StoredIndex.State.valueOf(row.getString(7).toUpperCase(Locale.ROOT)),
                        row.getLong(8),
                        row.getLong(9),
                        row.getString(10)));
            }
        }
        return indexes;
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
    }

    private static Map<String, Integer> parameters(String text) {
        Map<String, Integer> parameters = new HashMap<>();
        if (!text.isEmpty()) {
            for (String pair : text.split(",", -1)) {
                int sign = pair.indexOf('=');
                parameters.put(pair.substring(0, sign), Integer.valueOf(pair.substring(sign + 1)));
            }
        }
        return parameters;
    }

    /** Takes a number for an index that is made. */
    int takeNumber(long table) throws SQLException {
        PreparedStatement take = statements.get(
                "UPDATE akidb_tables SET next_index = next_index + 1 WHERE number = ? RETURNING next_index - 1");
        take.setLong(1, table);
        try (ResultSet row = take.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Adds an index, or replaces what is known of one. */
    void put(long table, StoredIndex index) throws SQLException {
        Metric metric = index.metric();
        statements.update(
                """
                INSERT OR REPLACE INTO akidb_indexes (table_number, number, name, method, columns, metric, parameters,
                  state, built_to, build_until, error)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                table,
                index.number(),
                index.name(),
                index.method().name(),
                index.columns().stream().map(String::valueOf).collect(Collectors.joining(",")),
                metric == null ? null : metric.name(),
                new TreeMap<>(index.parameters())
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .collect(Collectors.joining(",")),
                index.state().name().toLowerCase(Locale.ROOT),
                index.builtTo(),
                index.buildUntil(),
                index.error());
    }

    void delete(long table, int number) throws SQLException {
        statements.update("DELETE FROM akidb_indexes WHERE table_number = ? AND number = ?", table, number);
    }
}
