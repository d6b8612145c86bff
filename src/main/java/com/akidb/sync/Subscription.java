package com.akidb.sync;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Row;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Predicate;
import com.akidb.table.RowCondition;
import com.akidb.table.TableSchema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client wants to have of a table: some columns of the rows that satisfy a condition. */
public final class Subscription {

    /** How vectors travel. */
    public enum Vectors {
        /** A byte for each value. */
        INT8,
        /** Four bytes for each value. */
        FLOAT32
    }

    private static final int FINGERPRINT = 12;

    private final TableSchema schema;
    private final List<Column> columns;
    private final Vectors vectors;
    private final @Nullable Predicate where;
    private final @Nullable RowCondition condition;
    private final @Nullable RowCondition rights;
    private final String fingerprint;

    /**
     * A subscription to a table as it is now.
     *
     * @param columns names of columns; null for all that are no vectors. The primary key is always among them
     * @param where null for all rows
     * @param field of the request, to be blamed for a column that is not there
     */
    public Subscription(
            TableSchema schema,
            @Nullable List<String> columns,
            @Nullable Predicate where,
            Vectors vectors,
            String field) {
        this.schema = schema;
        this.columns = columns(schema, columns, field);
        this.where = schema.within(where);
        this.vectors = vectors;
        this.condition = where == null ? null : new RowCondition(schema, where, field);
        Predicate visible = schema.condition();
        this.rights = visible == null ? null : new RowCondition(new TableSchema(schema.table()), visible, field);
        this.fingerprint = fingerprint(
                schema.id() + " " + vectors,
                visible == null ? String.valueOf(where) : where + " within " + visible,
                this.columns.stream().map(Column::name).toList().toString());
    }

    private static List<Column> columns(TableSchema schema, @Nullable List<String> names, String field) {
        String key = schema.definition().primaryKey();
        List<Column> columns = new ArrayList<>();
        if (names == null) {
            schema.columns().stream()
                    .filter(column -> column.type() != ColumnType.VECTOR)
                    .forEach(columns::add);
            return columns;
        }
        columns.add(schema.column(key, field));
        for (int i = 0; i < names.size(); i++) {
            String place = field + ".columns[" + i + "]";
            Column column = schema.column(names.get(i), place);
            if (!columns.contains(column)) {
                columns.add(column);
            } else if (!column.name().equals(key)) {
                throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, place, "names a column twice");
            }
        }
        return columns;
    }

    private static String fingerprint(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            byte[] start = new byte[FINGERPRINT];
            System.arraycopy(digest.digest(), 0, start, 0, FINGERPRINT);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(start);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public TableSchema schema() {
        return schema;
    }

    /** Those that are wanted, the primary key among them. */
    public List<Column> columns() {
        return List.copyOf(columns);
    }

    public Vectors vectors() {
        return vectors;
    }

    @Nullable
    Predicate where() {
        return where;
    }

    /** Whether there are rows that the caller may not see. */
    boolean isPartial() {
        return rights != null;
    }

    /** Whether vectors have to be read. */
    boolean needsVectors() {
        return columns.stream().anyMatch(column -> column.type() == ColumnType.VECTOR);
    }

    /**
     * Stands for all of this, also at another start of the server: a replica that was made by another has to be made anew. A
     * change of the columns' definitions is not in it; the log of changes has that.
     */
    String fingerprint() {
        return fingerprint;
    }

    /** Whether a row is one of those that are wanted. */
    boolean passes(Row row) {
        return (rights == null || rights.passes(row)) && (condition == null || condition.passes(row));
    }

    /** A row's primary key as text. */
    String key(Row row) {
        return String.valueOf(
                row.values().get(schema.position(schema.definition().primaryKey())));
    }
}
