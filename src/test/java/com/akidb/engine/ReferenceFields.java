package com.akidb.engine;

import com.akidb.engine.ReferenceTable.Stored;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Json;
import com.akidb.query.JsonScalars;
import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values that conditions and orders name in the rows of a {@link ReferenceTable}. */
final class ReferenceFields {

    private final ReferenceTable table;
    private final JsonScalars json = new JsonScalars();

    ReferenceFields(ReferenceTable table) {
        this.table = table;
    }

    /**
     * Refuses a condition on what cannot be compared.
     *
     * @throws InvalidInputException if it names such a field
     */
    void check(Predicate predicate, String field) {
        switch (predicate) {
            case Predicate.And(List<Predicate> terms) -> terms.forEach(term -> check(term, field));
            case Predicate.Or(List<Predicate> terms) -> terms.forEach(term -> check(term, field));
            case Predicate.Not(Predicate term) -> check(term, field);
            case Predicate.Compare compare -> type(compare.field(), field);
            case Predicate.In in -> type(in.field(), field);
            case Predicate.Like like -> type(like.field(), field);
            case Predicate.Contains contains -> type(contains.field(), field);
            case Predicate.IsNull isNull -> type(isNull.field(), field);
        }
    }

    /** The type of what a field holds; refuses what cannot be compared. */
    ColumnType type(FieldPath path, String field) {
        if (path.equals(FieldPath.VERSION)) {
            return ColumnType.INT;
        }
        return path.equals(FieldPath.CHANGED_AT)
                ? ColumnType.TIMESTAMP
                : table.definition
                        .columns()
                        .get(table.scalarPosition(path, field))
                        .type();
    }

    private @Nullable Object stored(Stored row, FieldPath path, String field) {
        if (path.equals(FieldPath.VERSION)) {
            return row.version();
        }
        return path.equals(FieldPath.CHANGED_AT)
                ? row.changedAt()
                : row.values().get(table.scalarPosition(path, field));
    }

    boolean passes(Stored row, @Nullable Predicate condition) {
        return condition == null || new NaiveFilter(path -> compared(row, path)).passes(condition);
    }

    /** A field's value as conditions see it: an array or object equals nothing. */
    private @Nullable Object compared(Stored row, FieldPath path) {
        Object value = stored(row, path, "filter");
        if (value == null || type(path, "filter") != ColumnType.JSON) {
            return value;
        }
        Object found = json.findShown((String) value, path.path());
        if (found instanceof Json(String text)) {
            List<Object> elements = json.elements(text);
            return elements == null ? Map.of() : elements;
        }
        return found == JsonScalars.NOTHING ? null : found;
    }

    /** A field's value as it is shown and put in order: an array or object as its text. */
    @Nullable
    Object shown(Stored row, FieldPath path, String field) {
        Object value = stored(row, path, field);
        if (value == null || type(path, field) != ColumnType.JSON) {
            return value;
        }
        Object found = json.findShown((String) value, path.path());
        return found == JsonScalars.NOTHING ? null : found instanceof Json(String text) ? text : found;
    }

    List<@Nullable Object> shown(Stored row, List<FieldPath> paths, String field) {
        return ReferenceTable.listOf(
                paths.stream().map(path -> shown(row, path, field)).toArray());
    }

    /** Whether a value could be that of a field. */
    boolean fits(FieldPath path, @Nullable Object value) {
        ColumnType type = type(path, "order");
        return value == null
                || switch (type) {
                    case STRING -> value instanceof String;
                    case INT -> value instanceof Long;
                    case FLOAT -> value instanceof Double;
                    case BOOL -> value instanceof Boolean;
                    case TIMESTAMP -> value instanceof Instant;
                    case JSON -> true;
                    case VECTOR -> false;
                };
    }

    /** The order of lists of values. */
    static Comparator<List<@Nullable Object>> order(List<Sort> sorts) {
        return (a, b) -> {
            for (int i = 0; i < a.size(); i++) {
                int sign = compare(a.get(i), b.get(i));
                if (sign != 0) {
                    return i < sorts.size() && sorts.get(i).descending() ? -sign : sign;
                }
            }
            return 0;
        };
    }

    /** Absent values come first, then numbers, texts, and the rest. */
    static int compare(@Nullable Object a, @Nullable Object b) {
        return switch (a) {
            case Number x when b instanceof Number y -> decimal(x).compareTo(decimal(y));
            case String x
            when b instanceof String y ->
                Arrays.compare(x.codePoints().toArray(), y.codePoints().toArray());
            case Boolean x when b instanceof Boolean y -> Boolean.compare(x, y);
            case Instant x when b instanceof Instant y -> x.compareTo(y);
            case null, default -> Integer.compare(kind(a), kind(b));
        };
    }

    private static BigDecimal decimal(Number number) {
        return number instanceof Long whole ? BigDecimal.valueOf(whole) : new BigDecimal(number.doubleValue());
    }

    private static int kind(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Number _ -> 1;
            case String _ -> 2;
            default -> 3;
        };
    }
}
