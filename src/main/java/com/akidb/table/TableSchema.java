package com.akidb.table;

import com.akidb.account.Rights;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Mutation;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.TableMutation;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.query.FieldPath;
import com.akidb.query.FieldResolver;
import com.akidb.query.FilterParser;
import com.akidb.query.Kind;
import com.akidb.query.NamedRows;
import com.akidb.query.Predicate;
import com.akidb.query.Timestamps;
import com.akidb.table.Projection.Selected;
import com.akidb.table.TableService.NewTable;
import com.akidb.text.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The columns of a table at one moment, as reading and writing see them: by name, without hidden columns, and for a caller who
 * may not see all of the table without those that are not for it. Whatever is read or written by a schema keeps to what its
 * caller may see.
 */
public final class TableSchema {

    private static final int MOST_NAMED = 20;

    private final Table table;
    private final Rights rights;
    private final @Nullable Predicate condition;
    private final boolean hidesColumns;
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<Column> columns = new ArrayList<>();

    /** The whole table. */
    public TableSchema(Table table) {
        this(table, Rights.ALL);
    }

    /**
     * What of a table a caller may see.
     *
     * @throws com.akidb.error.NotFoundException if it may see nothing of it
     * @throws ForbiddenException if the condition of the rows that it may see does not fit the table's columns
     */
    public TableSchema(Table table, Rights rights) {
        this.table = table;
        this.rights = rights;
        Rights.InTable part = rights.in(table.definition().name());
        if (part == null) {
            throw TableDirectory.notFound(table.definition().name());
        }
        List<Column> all = definition().columns();
        boolean hides = false;
        for (int position = 0; position < all.size(); position++) {
            Column column = all.get(position);
            if (!ColumnFacts.isHidden(column)) {
                if (part.columns() == null
                        || part.columns().contains(column.name())
                        || column.name().equals(definition().primaryKey())) {
                    positions.put(column.name(), position);
                    columns.add(column);
                } else {
                    hides = true;
                }
            }
        }
        this.hidesColumns = hides;
        this.condition = part.conditions().isEmpty() ? null : new TableSchema(table).condition(part.conditions());
    }

    private Predicate condition(List<String> filters) {
        try {
            return parsed(filters);
        } catch (InvalidInputException | JacksonException unfit) {
            throw new ForbiddenException(
                    "The condition of the rows of '" + Words.shown(name())
                            + "' that this key or token may see does not fit the table's columns",
                    unfit);
        }
    }

    private Predicate parsed(List<String> filters) {
        return new Predicate.And(filters.stream()
                .map(filter -> FilterParser.parse(JsonMapper.shared().readTree(filter), "where", fields()))
                .toList());
    }

    /**
     * Refuses a part of the table that the caller cannot give to others: a condition over columns that it may not see would
     * tell their values by the rows that are left.
     *
     * @param field of the request, to be blamed
     * @throws InvalidInputException that names columns which the caller may see, and no others
     */
    public void requireGivable(Rights.InTable part, String field) {
        if (part.columns() != null) {
            part.columns().forEach(column -> column(column, field + ".columns"));
        }
        try {
            var unused = parsed(part.conditions());
        } catch (InvalidInputException unfit) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT, field + ".where", "does not fit the table: " + unfit.getMessage());
        }
    }

    /** What of the data the caller may see for whom this is. */
    Rights rights() {
        return rights;
    }

    /** Whether the caller may not see all of the table. */
    public boolean isLimited() {
        return condition != null || hidesColumns;
    }

    /** Whether there are columns that the caller may not see. */
    boolean hidesColumns() {
        return hidesColumns;
    }

    /** Whether users have the column and the caller may not see it. */
    boolean hides(Column column) {
        return hidesColumns && position(column.name()) < 0 && !ColumnFacts.isHidden(column);
    }

    /** What rows satisfy that the caller may see and leave; null if those are all. */
    public @Nullable Predicate condition() {
        return condition;
    }

    /** A condition together with {@link #condition}. */
    public @Nullable Predicate within(@Nullable Predicate where) {
        if (condition == null || where == null) {
            return condition == null ? where : condition;
        }
        return new Predicate.And(List.of(condition, where));
    }

    /** A write to the table, within the rows that the caller may see. */
    TableMutation write(Mutation mutation) {
        return new TableMutation(table, mutation, condition);
    }

    public Table table() {
        return table;
    }

    public UUID id() {
        return table.id();
    }

    public String name() {
        return definition().name();
    }

    public TableDefinition definition() {
        return table.definition();
    }

    public boolean isCollection() {
        return ColumnFacts.isCollection(table);
    }

    /** Whether the columns that users write are the same as at another moment; computed columns may differ. */
    boolean isWrittenLike(TableSchema other) {
        return written().equals(other.written());
    }

    private List<Column> written() {
        return definition().columns().stream()
                .filter(column -> !ColumnFacts.isHidden(column) && ColumnFacts.computed(column) == null)
                .toList();
    }

    /** Rows laid out for another schema that {@link #isWrittenLike} this one, laid out for this one; computed cells are empty. */
    List<@Nullable Object[]> rows(List<@Nullable Object[]> given, TableSchema by) {
        if (by == this) {
            return given;
        }
        List<@Nullable Object[]> rows = new ArrayList<>(given.size());
        for (@Nullable Object[] row : given) {
            @Nullable Object[] fitted = new Object[definition().columns().size()];
            for (Column column : written()) {
                fitted[definition().indexOf(column.name())] =
                        row[by.definition().indexOf(column.name())];
            }
            rows.add(fitted);
        }
        return rows;
    }

    /** Columns that users see, in order. */
    public List<Column> columns() {
        return List.copyOf(columns);
    }

    /** Position in the engine's rows of a column that users see; -1 if there is none. */
    public int position(String name) {
        return positions.getOrDefault(name, -1);
    }

    /**
     * A column that users see.
     *
     * @param field the request field to blame
     * @throws InvalidInputException that lists the columns
     */
    public Column column(String name, String field) {
        int position = position(name);
        if (position < 0) {
            throw missing(name, field);
        }
        return definition().columns().get(position);
    }

    private InvalidInputException missing(String name, String field) {
        List<String> names = columns.stream().map(Column::name).toList();
        String listed = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
        String more = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "";
        return new InvalidInputException(
                ErrorCode.UNKNOWN_COLUMN,
                field + ": table '" + name() + "' has no column '" + Words.shown(name) + "'; it has " + listed + more
                        + Suggestion.hint(name, names),
                field);
    }

    /**
     * Refuses a name that a column already has, in any case.
     *
     * @param except a column that may have the name; null for none
     * @throws ConflictException that names the column
     */
    public void requireFree(String name, @Nullable String except) {
        for (Column column : definition().columns()) {
            if (lower(column.name()).equals(lower(name)) && !column.name().equals(except)) {
                throw new ConflictException(
                        ErrorCode.ALREADY_EXISTS,
                        "The table has a column '" + Words.shown(column.name()) + "' already",
                        "name");
            }
        }
    }

    /** Refuses one more column if there are as many as a table may have. */
    public void requireRoom() {
        if (columns.size() >= NewTable.MAX_COLUMNS) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "A table has at most " + NewTable.MAX_COLUMNS + " columns", "name");
        }
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The columns that users see, as expressions and selects name them. */
    public NamedRows named() {
        List<NamedRows.NamedColumn> named = columns.stream()
                .map(column -> new NamedRows.NamedColumn(column.name(), kind(column.type())))
                .toList();
        return new NamedRows(id(), name(), named, fields());
    }

    static Kind kind(ColumnType type) {
        return switch (type) {
            case STRING -> Kind.STRING;
            case INT, FLOAT -> Kind.NUMBER;
            case BOOL -> Kind.BOOL;
            case TIMESTAMP -> Kind.TIMESTAMP;
            case JSON -> Kind.JSON;
            case VECTOR -> Kind.VECTOR;
        };
    }

    /** Resolves names in filters and orders: columns, and {@code version} and {@code changed_at} of rows. */
    public FieldResolver fields() {
        return new TableFields(this);
    }

    /** All columns that users see; embedding columns only if asked for. */
    public List<Selected> all(boolean vectors) {
        return columns.stream()
                .filter(column -> vectors || column.type() != ColumnType.VECTOR)
                .<Selected>map(
                        column -> new Selected.Field(column.name(), FieldPath.column(column.name()), column.type()))
                .toList();
    }

    /** What a name in a selection refers to: a column, or a value inside a JSON column. */
    public Selected.Field select(String name, String field) {
        FieldPath place = new TableFields(this).ofColumn(name, field);
        Column column = column(place.column(), field);
        return new Selected.Field(name, place, place.path().isEmpty() ? column.type() : ColumnType.JSON);
    }

    /**
     * Resolves names in filters and orders: {@code version} and {@code changed_at}, scalar columns, and values inside JSON columns by dotted path, such as
     * {@code properties.area.name}. A dot within a key is written {@code \.}, a backslash {@code \\}. A column whose own name
     * has dots takes precedence.
     */
    private static final class TableFields implements FieldResolver {

        private final TableSchema schema;

        TableFields(TableSchema schema) {
            this.schema = schema;
        }

        @Override
        public FieldPath resolve(String name, String field) {
            return switch (name) {
                case "version" -> FieldPath.VERSION;
                case "changed_at" -> FieldPath.CHANGED_AT;
                default -> ofColumn(name, field);
            };
        }

        FieldPath ofColumn(String name, String field) {
            if (schema.position(name) >= 0) {
                return FieldPath.column(scalar(schema.column(name, field), field));
            }
            List<String> keys = FieldPath.keys(name, field);
            for (int i = 1; i < keys.size(); i++) {
                String column = String.join(".", keys.subList(0, i));
                if (schema.position(column) >= 0) {
                    ColumnType type = schema.column(column, field).type();
                    if (type != ColumnType.JSON) {
                        throw InvalidInputException.of(
                                ErrorCode.WRONG_TYPE,
                                field,
                                "looks into '" + column + "', which is of type " + TypeNames.of(type)
                                        + "; only json columns have fields");
                    }
                    if (keys.subList(i, keys.size()).contains("")) {
                        throw InvalidInputException.of(
                                ErrorCode.INVALID_ARGUMENT, field, "has an empty name between its dots");
                    }
                    return new FieldPath(column, keys.subList(i, keys.size()));
                }
            }
            schema.column(name, field);
            throw new IllegalStateException(name);
        }

        private static String scalar(Column column, String field) {
            if (column.type() == ColumnType.VECTOR) {
                throw InvalidInputException.of(
                        ErrorCode.WRONG_TYPE,
                        field,
                        "names the embedding column '" + column.name()
                                + "', which can be searched by similarity but neither compared nor ordered");
            }
            return column.name();
        }

        @Override
        public boolean holdsArrays(FieldPath place) {
            return type(place, place.column()) == ColumnType.JSON;
        }

        private ColumnType type(FieldPath place, String field) {
            if (place.equals(FieldPath.VERSION)) {
                return ColumnType.INT;
            }
            return place.equals(FieldPath.CHANGED_AT)
                    ? ColumnType.TIMESTAMP
                    : schema.column(place.column(), field).type();
        }

        @Override
        public Object constant(FieldPath place, Object value, String field) {
            ColumnType type = type(place, field);
            boolean fits = switch (type) {
                case STRING -> value instanceof String;
                case INT, FLOAT -> value instanceof Long || value instanceof Double;
                case BOOL -> value instanceof Boolean;
                case TIMESTAMP -> value instanceof String;
                case JSON -> true;
                case VECTOR -> false;
            };
            if (!fits) {
                throw InvalidInputException.of(
                        ErrorCode.WRONG_TYPE,
                        field,
                        "must be " + TypeNames.value(type) + ", since column '"
                                + place.column().strip() + "' is of type " + TypeNames.of(type));
            }
            return type == ColumnType.TIMESTAMP ? Timestamps.parse((String) value, field) : value;
        }
    }
}
