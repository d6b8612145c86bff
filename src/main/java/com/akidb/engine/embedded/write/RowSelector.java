package com.akidb.engine.embedded.write;

import com.akidb.engine.RowSelection;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.engine.embedded.sql.PredicateSql;
import com.akidb.engine.embedded.sql.SqlText;
import com.akidb.query.Predicate;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the rows that a write is about. */
final class RowSelector {

    /** In the place of a row's id. */
    static final long NONE = -1;

    private final Statements statements;
    private final TableLayout layout;
    private final @Nullable Predicate within;
    private final @Nullable ConditionMatches matches;

    /**
     * Selects by a layout.
     *
     * @param within rows that do not satisfy it are passed over; null for none
     * @param matches the rows that satisfied the condition a while ago, if it was asked before
     */
    RowSelector(
            Statements statements, TableLayout layout, @Nullable Predicate within, @Nullable ConditionMatches matches) {
        this.statements = statements;
        this.layout = layout;
        this.within = within;
        // Under other columns the condition may mean something else.
        this.matches = matches != null && matches.layout() == layout ? matches : null;
    }

    /** The row with that key; {@link #NONE} if there is none. */
    long idOf(Object key) throws SQLException {
        PreparedStatement select = statements.get(layout.sql().idOfKey);
        ColumnValues.bind(select, 1, layout.keyType(), key);
        try (ResultSet result = select.executeQuery()) {
            return result.next() ? result.getLong(1) : NONE;
        }
    }

    /** Those of the rows, which are there, that the write may not concern. */
    Set<Long> outside(Collection<Long> ids) throws SQLException {
        if (within == null || ids.isEmpty()) {
            return Set.of();
        }
        Set<Long> outside = new HashSet<>(ids);
        String array = ids.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        SqlText sql = new SqlText()
                .add("SELECT id FROM " + layout.names().rows() + " WHERE id IN (SELECT value FROM json_each(")
                .value(array)
                .add(")) AND (");
        PredicateSql.append(layout, within, sql);
        try (PreparedStatement statement = statements.prepare(sql.add(")"));
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                outside.remove(result.getLong(1));
            }
        }
        return outside;
    }

    /** The ids and keys of the rows. */
    Map<Long, String> select(RowSelection rows) throws SQLException {
        Map<Long, String> found = all(rows);
        found.keySet().removeAll(outside(found.keySet()));
        return found;
    }

    private Map<Long, String> all(RowSelection rows) throws SQLException {
        Map<Long, String> found = new LinkedHashMap<>();
        if (rows instanceof RowSelection.Keys(List<String> keys)) {
            for (String key : keys) {
                Object value = layout.parseKey(key);
                long id = value == null ? NONE : idOf(value);
                if (id != NONE) {
                    found.put(id, key);
                }
            }
            return found;
        }
        if (rows instanceof RowSelection.AsOf(String key, long version)) {
            Object value = layout.parseKey(key);
            long id = value == null ? NONE : idOf(value);
            if (id != NONE && versionOf(id) == version) {
                found.put(id, key);
            }
            return found;
        }
        String select = "SELECT id, " + layout.sqlName(layout.keyPosition()) + " FROM "
                + layout.names().rows() + " WHERE ";
        SqlText sql = new SqlText().add(select);
        if (matches != null) {
            sql.add("id IN (SELECT value FROM json_each(").value(matches.ids()).add(")) AND version <= ");
            sql.value(matches.version()).add(" UNION ALL ").add(select).add("version > ");
            sql.value(matches.version()).add(" AND ");
        }
        sql.add("(").add(condition(rows)).add(")");
        try (PreparedStatement statement = statements.prepare(sql);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                found.put(result.getLong(1), result.getString(2));
            }
        }
        return found;
    }

    boolean isThere(long id) throws SQLException {
        return versionOf(id) != NONE;
    }

    private long versionOf(long id) throws SQLException {
        PreparedStatement select =
                statements.get("SELECT version FROM " + layout.names().rows() + " WHERE id = ?");
        select.setLong(1, id);
        try (ResultSet result = select.executeQuery()) {
            return result.next() ? result.getLong(1) : NONE;
        }
    }

    /** A condition on the table of rows that is true for these rows, without what may take long. */
    SqlText quickCondition(RowSelection rows) throws SQLException {
        if (!(rows instanceof RowSelection.Where)) {
            return condition(rows);
        }
        String ids = select(rows).keySet().stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        return new SqlText()
                .add("id IN (SELECT value FROM json_each(")
                .value(ids)
                .add("))");
    }

    /** A condition on the table of rows that is true for these rows. */
    SqlText condition(RowSelection rows) {
        SqlText sql = new SqlText();
        switch (rows) {
            case RowSelection.All _ -> sql.add("true");
            case RowSelection.Where(Predicate condition) -> PredicateSql.append(layout, condition, sql);
            case RowSelection.Keys(List<String> keys) -> keys(keys, sql);
            case RowSelection.AsOf(String key, long version) -> {
                keys(List.of(key), sql);
                sql.add(" AND version = ").value(version);
            }
        }
        return sql;
    }

    private void keys(List<String> keys, SqlText sql) {
        sql.add(layout.sqlName(layout.keyPosition()) + " IN (");
        String comma = "";
        for (String key : keys) {
            @Nullable Object value = layout.parseKey(key);
            if (value != null) {
                sql.add(comma).value(value);
                comma = ",";
            }
        }
        sql.add(")");
    }
}
