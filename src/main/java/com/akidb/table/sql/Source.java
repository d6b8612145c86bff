package com.akidb.table.sql;

import com.akidb.engine.Column;
import com.akidb.engine.SelectStatement.Part;
import com.akidb.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What stands behind FROM: a table, of which only the columns that are used are read, or a subquery. */
final class Source {

    private final String sqlName;
    private final String alias;
    private final List<Output> columns;
    private final @Nullable TableSchema table;
    private final @Nullable Pieces body;
    private final List<String> used = new ArrayList<>();

    /**
     * A column of a source or of a select.
     *
     * @param column the table's own, if it is one
     * @param schema of that table
     */
    record Output(
            String name,
            Kind kind,
            @Nullable Column column,
            @Nullable TableSchema schema) {}

    private Source(
            String sqlName, String alias, List<Output> columns, @Nullable TableSchema table, @Nullable Pieces body) {
        this.sqlName = sqlName;
        this.alias = alias;
        this.columns = columns;
        this.table = table;
        this.body = body;
    }

    static Source table(String sqlName, String alias, TableSchema table) {
        List<Output> columns = table.columns().stream()
                .map(column -> new Output(column.name(), Kind.of(column.type()), column, table))
                .toList();
        return new Source(sqlName, alias, columns, table, null);
    }

    static Source subquery(String sqlName, String alias, List<Output> columns, Pieces body) {
        return new Source(sqlName, alias, columns, null, body);
    }

    boolean isCalled(String name) {
        return same(alias, name);
    }

    String alias() {
        return alias;
    }

    List<Output> columns() {
        return columns;
    }

    /** Position of a column; -1 if there is none. Names differ by more than case. */
    int find(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (same(columns.get(i).name(), name)) {
                return i;
            }
        }
        return -1;
    }

    /** The SQL of a column, which is read from now on. */
    String use(int position) {
        if (table == null) {
            return sqlName + ".k" + position;
        }
        String name = columns.get(position).name();
        int place = used.indexOf(name);
        if (place < 0) {
            place = used.size();
            used.add(name);
        }
        return sqlName + ".k" + place;
    }

    void write(Pieces out) {
        if (body != null) {
            out.sql("(").add(body).sql(")");
        }
        if (table != null) {
            out.later(() -> new Part.Rows(table.id(), used));
        }
        out.sql(" AS " + sqlName);
    }

    static boolean same(String name, String other) {
        return name.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
    }
}
