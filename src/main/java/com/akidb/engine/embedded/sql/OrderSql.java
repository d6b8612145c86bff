package com.akidb.engine.embedded.sql;

import com.akidb.engine.ColumnType;
import com.akidb.engine.RowQuery.Place;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Sort;
import com.akidb.text.Unicode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of a query as SQL, with ties by row id. Of values of several kinds, as JSON may have, absent ones come
 * first, then numbers, texts, and true and false.
 */
public final class OrderSql {

    private final List<Sort> order;
    private final List<SqlField> fields = new ArrayList<>();

    /**
     * @throws InvalidInputException if the table has no such column, or it has no order
     */
    public OrderSql(SqlTable table, List<Sort> order) {
        this.order = order;
        for (Sort sort : order) {
            fields.add(field(table, sort.field(), "order"));
        }
    }

    /** A field whose values are shown and put in order. */
    public static SqlField field(SqlTable table, FieldPath path, String blame) {
        return SqlField.of(table, path, SqlFunctions.JSON_SHOWN, blame);
    }

    public boolean isEmpty() {
        return order.isEmpty();
    }

    /** Appends the fields, each with a comma before it. */
    public void appendFields(SqlText sql) {
        fields.forEach(field -> sql.add(", ").add(field.sql()));
    }

    /** Appends what stands behind ORDER BY; the fields are selected from the second place on. */
    public void appendOrder(SqlText sql) {
        for (int i = 0; i < fields.size(); i++) {
            sql.add((i + 2) + (order.get(i).descending() ? " DESC, " : ", "));
        }
        sql.add("id");
    }

    /** The place of the row that a result of {@link #appendFields} stands at. */
    public Place place(ResultSet result) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            values.add(value(result, i + 2, fields.get(i)));
        }
        return new Place(values, result.getLong(1));
    }

    /** Appends the condition that a row comes after a place. */
    public void appendAfter(Place place, SqlText sql) {
        if (place.values().size() != fields.size()) {
            throw wrong("The place has " + place.values().size() + " values for an order of " + fields.size());
        }
        if (!fields.isEmpty()) {
            appendBound(place, sql);
        }
        for (int i = 0; i < fields.size(); i++) {
            Object value = constant(fields.get(i), place.values().get(i));
            sql.add("(");
            appendBehind(i, value, sql);
            sql.add(" OR ").add(fields.get(i).sql()).add(" IS ").value(value).add(" AND ");
        }
        sql.add("id > ").value(place.rowId());
        sql.add(")".repeat(fields.size()));
    }

    /** A bound on the first field that follows from the rest, in a form that an index can use. */
    private void appendBound(Place place, SqlText sql) {
        Object value = constant(fields.getFirst(), place.values().getFirst());
        if (value != null && !order.getFirst().descending()) {
            sql.add(fields.getFirst().sql()).add(" >= ").value(value).add(" AND ");
        }
    }

    private void appendBehind(int at, @Nullable Object value, SqlText sql) {
        SqlText field = fields.get(at).sql();
        if (order.get(at).descending()) {
            if (value == null) {
                sql.add("false");
            } else {
                sql.add("(").add(field).add(" < ").value(value);
                sql.add(" OR ").add(field).add(" IS NULL)");
            }
        } else if (value == null) {
            sql.add(field).add(" IS NOT NULL");
        } else {
            sql.add(field).add(" > ").value(value);
        }
    }

    /** The value that a field has in a result, as rows have it. */
    public static @Nullable Object value(ResultSet result, int index, SqlField field) throws SQLException {
        if (!field.isJson()) {
            return ColumnValues.read(result, index, field.type());
        }
        return switch (result.getObject(index)) {
            case null -> null;
            case byte[] flag -> flag[0] != 0;
            case Integer number -> number.longValue();
            case Object other -> other;
        };
    }

    private static @Nullable Object constant(SqlField field, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        boolean fits = field.isJson() || fits(field.type(), value);
        return switch (value) {
            case String text when fits && Unicode.isWellFormed(text) -> text;
            case Boolean flag when fits && field.isJson() -> SqlFunctions.flag(flag);
            case Boolean flag when fits -> flag ? 1 : 0;
            case Instant instant when fits -> ColumnValues.micros(instant);
            case Long number when fits -> number;
            case Double number when fits -> number;
            default -> throw wrong("The place does not fit the order");
        };
    }

    private static boolean fits(ColumnType type, Object value) {
        return switch (type) {
            case STRING, JSON -> value instanceof String;
            case INT -> value instanceof Long;
            case FLOAT -> value instanceof Double;
            case BOOL -> value instanceof Boolean;
            case TIMESTAMP -> value instanceof Instant;
            case VECTOR -> false;
        };
    }

    private static InvalidInputException wrong(String message) {
        return new InvalidInputException(ErrorCode.INVALID_ARGUMENT, message, "after");
    }
}
