package com.akidb.table;

import com.akidb.account.Rights;
import com.akidb.engine.Alteration;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.TableEngine;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.text.Names;
import com.akidb.text.Words;
import com.akidb.vector.Metric;
import com.akidb.vector.Vectors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates, describes and alters tables. All methods except {@link #describe} and {@link #list} write to disk and do not
 * belong on an event loop. {@link Names} says which names are allowed. Collections are described like tables, but cannot be
 * changed here. Failures are {@link com.akidb.error.AkidbException}s.
 */
public final class TableService {

    private final TableEngine engine;
    private final TableDirectory directory;

    TableService(TableEngine engine, TableDirectory directory) {
        this.engine = engine;
        this.directory = directory;
    }

    /**
     * Creates a table.
     *
     * @throws com.akidb.error.ConflictException if a table or collection has the name
     */
    public TableDescription create(NewTable table) {
        Names.requireTable(table.name(), "name");
        List<Column> columns = Columns.of(table);
        String key = table.primaryKey() == null ? ColumnFacts.ROW_ID : table.primaryKey();
        TableDefinition definition =
                new TableDefinition(table.name(), columns, key, Map.of(ColumnFacts.KIND, ColumnFacts.TABLE));
        return describe(named(table.name(), () -> engine.create(definition)));
    }

    /**
     * All tables that a caller may see, collections included, in the order of their creation. Counts rows where the caller may not
     * see all of them; touches no disk otherwise.
     */
    public List<TableDescription> list(Rights rights) {
        return engine.tables().stream()
                .filter(table -> rights.in(table.definition().name()) != null)
                .map(table -> describe(new TableSchema(table, rights)))
                .toList();
    }

    /** One table or collection, as {@link #list} has it; NotFound if there is none. */
    public TableDescription describe(String table, Rights rights) {
        return describe(directory.require(table, rights));
    }

    private TableDescription describe(Table table) {
        return describe(new TableSchema(table));
    }

    /** Of a table that the caller may see in part: the columns that it may see, and nothing that is counted over all rows. */
    private TableDescription describePart(TableSchema schema) {
        return new TableDescription(
                schema.name(),
                schema.columns().stream()
                        .map(ColumnDescription::of)
                        .map(column -> column.seenBy(schema))
                        .toList(),
                schema.definition().primaryKey(),
                TableDirectory.reading(schema, () -> directory.reader(schema).count(null)),
                schema.table().version(),
                List.of(),
                schema.table().createdAt(),
                schema.isCollection());
    }

    private TableDescription describe(TableSchema schema) {
        if (schema.isLimited()) {
            return describePart(schema);
        }
        Table table = schema.table();
        return new TableDescription(
                schema.name(),
                schema.columns().stream().map(ColumnDescription::of).toList(),
                schema.definition().primaryKey(),
                table.rowCount(),
                table.version(),
                TableDirectory.reading(schema, () -> engine.indexes(table.id())),
                table.createdAt(),
                schema.isCollection());
    }

    /** Drops a table and its rows; NotFound if there is none. */
    public void drop(String table) {
        TableSchema found = directory.requireWritable(table);
        if (!engine.drop(found.id())) {
            throw TableDirectory.notFound(table);
        }
    }

    /** Renames a table; Conflict if the name is taken. */
    public TableDescription rename(String table, String newName) {
        TableSchema found = directory.requireWritable(table);
        Names.requireTable(newName, "name");
        if (newName.equals(found.name())) {
            return describe(found.table());
        }
        return describe(named(newName, () -> alter(found, new Alteration.RenameTable(newName))));
    }

    /** Adds a column at the end; existing rows take its default. */
    public TableDescription addColumn(String table, NewColumn wanted) {
        TableSchema found = directory.requireWritable(table);
        Column column = Columns.of(wanted, "");
        found.requireFree(column.name(), null);
        found.requireRoom();
        if (column.required() && column.defaultValue() == null && found.table().rowCount() > 0) {
            throw new InvalidInputException(
                    ErrorCode.MISSING_FIELD,
                    "default is missing; the rows that are there need a value of a required column",
                    "default");
        }
        return describe(alter(found, new Alteration.AddColumn(column, null)));
    }

    /** Drops a column and its values. The primary key cannot be dropped, nor can the source of a computed column. */
    public TableDescription dropColumn(String table, String column) {
        TableSchema found = directory.requireWritable(table);
        Column gone = existing(found, column);
        if (gone.name().equals(found.definition().primaryKey())) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "The primary key '" + column + "' cannot be dropped", "column");
        }
        requireNoSource(found, column, "dropped");
        if (found.columns().size() == 1 + (ColumnFacts.isAutomatic(key(found)) ? 1 : 0)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "The last column cannot be dropped; drop the table instead", "column");
        }
        Column successor = ColumnFacts.successor(found.definition(), column);
        if (successor != null) {
            alter(found, new Alteration.DropColumn(successor.name()));
        }
        return describe(alter(found, new Alteration.DropColumn(column)));
    }

    /** Renames a column, unless another column is computed from it. */
    public TableDescription renameColumn(String table, String column, String newName) {
        TableSchema found = directory.requireWritable(table);
        Column old = existing(found, column);
        if (ColumnFacts.isAutomatic(old)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "The row id is the server's and keeps its name", "column");
        }
        Names.requireColumn(newName, "name");
        found.requireFree(newName, column);
        requireNoSource(found, column, "renamed");
        if (ColumnFacts.successor(found.definition(), column) != null) {
            throw new ConflictException(
                    ErrorCode.CONFLICT,
                    "Column '" + column + "' cannot be renamed while its model is being changed",
                    "column");
        }
        return newName.equals(column)
                ? describe(found.table())
                : describe(alter(found, new Alteration.RenameColumn(column, newName)));
    }

    private static Column key(TableSchema schema) {
        return schema.definition()
                .columns()
                .get(schema.definition().indexOf(schema.definition().primaryKey()));
    }

    /** The column named in a request's path. */
    private static Column existing(TableSchema schema, String column) {
        if (schema.position(column) < 0) {
            throw new NotFoundException(
                    ErrorCode.NOT_FOUND,
                    "Table '" + Words.shown(schema.name()) + "' has no column '" + Words.shown(column) + "'",
                    "column");
        }
        return schema.column(column, "column");
    }

    /** Refuses to change the source of a computed column, whose properties name it. */
    private static void requireNoSource(TableSchema schema, String column, String what) {
        for (Column other : schema.definition().columns()) {
            ColumnFacts.Computed computed = ColumnFacts.computed(other);
            if (computed != null && computed.source().equals(column)) {
                throw new ConflictException(
                        ErrorCode.CONFLICT,
                        "Column '" + column + "' cannot be " + what + " while '" + other.name()
                                + "' is computed from it; drop that one first",
                        "column");
            }
        }
    }

    private Table alter(TableSchema schema, Alteration alteration) {
        return TableDirectory.reading(schema, () -> engine.alter(schema.id(), alteration));
    }

    private static Table named(String name, Supplier<Table> change) {
        try {
            return change.get();
        } catch (ConflictException taken) {
            throw new ConflictException(
                    ErrorCode.ALREADY_EXISTS, "The name '" + Words.shown(name) + "' is taken", "name");
        }
    }

    /**
     * A table to create.
     *
     * @param columns 1 to {@value #MAX_COLUMNS}
     * @param primaryKey a column of type STRING or INT, which becomes required; null for row ids assigned by the server
     */
    public record NewTable(
            String name, List<NewColumn> columns, @Nullable String primaryKey) {

        /** Most columns of a table, hidden ones not counted. */
        public static final int MAX_COLUMNS = 1_000;

        public NewTable {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A column to create.
     *
     * @param defaultValue for rows without a value, in the Java class that {@link ColumnType} names; null for none
     * @param dimensions length of vectors, 1 or more; null for other types
     * @param metric how vectors are compared; null for cosine, and for other types
     */
    public record NewColumn(
            String name,
            ColumnType type,
            boolean required,
            boolean unique,
            @Nullable Object defaultValue,
            @Nullable Integer dimensions,
            @Nullable Metric metric) {

        /** An optional column without a default. */
        public static NewColumn of(String name, ColumnType type) {
            return new NewColumn(name, type, false, false, null, null, null);
        }
    }

    /**
     * A table as users see it.
     *
     * @param columns in order, without hidden ones
     * @param primaryKey the key column; {@link ColumnFacts#ROW_ID} if the server assigns keys
     * @param rowCount rows as of the last commit
     * @param version sequence number of the last commit that changed the table
     * @param indexes those that users created, and the implicit ones of embedding columns
     * @param collection whether it is a collection, which is changed through the routes of collections
     */
    public record TableDescription(
            String name,
            List<ColumnDescription> columns,
            String primaryKey,
            long rowCount,
            long version,
            List<IndexStatus> indexes,
            Instant createdAt,
            boolean collection) {

        public TableDescription {
            columns = List.copyOf(columns);
            indexes = List.copyOf(indexes);
        }
    }

    /**
     * A column as users see it.
     *
     * @param dimensions length of vectors; null for other types
     * @param metric how vectors are compared; null for other types
     * @param computed how its vectors are computed; null if users write them, and for other types
     */
    public record ColumnDescription(
            String name,
            ColumnType type,
            boolean required,
            boolean unique,
            @Nullable Object defaultValue,
            @Nullable Integer dimensions,
            @Nullable Metric metric,
            ColumnFacts.@Nullable Computed computed) {

        static ColumnDescription of(Column column) {
            return new ColumnDescription(
                    column.name(),
                    column.type(),
                    column.required(),
                    column.unique(),
                    column.defaultValue(),
                    column.type() == ColumnType.VECTOR ? column.dimension() : null,
                    column.metric(),
                    ColumnFacts.computed(column));
        }

        /** Without how it is computed, if that names a column that the caller of a schema may not see. */
        ColumnDescription seenBy(TableSchema schema) {
            return computed == null || schema.position(computed.source()) >= 0
                    ? this
                    : new ColumnDescription(name, type, required, unique, defaultValue, dimensions, metric, null);
        }
    }

    /** The rules for new columns; makes the engine's columns of those that pass. */
    private static final class Columns {

        static final int MAX_DIMENSIONS = 4_096;

        private Columns() {}

        /** All columns of a new table; if the server assigns keys, the key column comes first. */
        static List<Column> of(NewTable table) {
            if (table.columns().isEmpty()) {
                throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, "columns", "cannot be empty");
            }
            if (table.columns().size() > NewTable.MAX_COLUMNS) {
                throw InvalidInputException.of(
                        ErrorCode.OUT_OF_RANGE,
                        "columns",
                        "must be at most " + NewTable.MAX_COLUMNS + ", got "
                                + table.columns().size());
            }
            List<Column> columns = new ArrayList<>();
            String key = table.primaryKey();
            if (key == null) {
                columns.add(Column.of(ColumnFacts.ROW_ID, ColumnType.INT, true)
                        .withProperties(Map.of(ColumnFacts.AUTOMATIC, "true")));
            }
            Map<String, String> seen = new HashMap<>();
            for (int i = 0; i < table.columns().size(); i++) {
                NewColumn wanted = table.columns().get(i);
                String field = "columns[" + i + "]";
                Column column = of(wanted, field);
                requireNew(
                        column.name(),
                        seen.putIfAbsent(TableSchema.lower(column.name()), column.name()),
                        field + ".name");
                columns.add(wanted.name().equals(key) ? key(column, field) : column);
            }
            if (key != null
                    && columns.stream().noneMatch(column -> column.name().equals(key))) {
                throw InvalidInputException.of(
                        ErrorCode.UNKNOWN_COLUMN,
                        "primary_key",
                        "must name one of the columns; got '" + Words.shown(key) + "'");
            }
            return columns;
        }

        /** A column to add to a table. */
        static Column of(NewColumn wanted, String field) {
            String at = field.isEmpty() ? "" : field + ".";
            Names.requireColumn(wanted.name(), at + "name");
            if (wanted.type() == ColumnType.VECTOR) {
                return vector(wanted, at);
            }
            if (wanted.dimensions() != null || wanted.metric() != null) {
                String given = wanted.dimensions() != null ? "dimensions" : "metric";
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT, at + given, "belongs to embedding columns only");
            }
            if (wanted.unique() && wanted.type() == ColumnType.JSON) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT, at + "unique", "cannot be used on json columns");
            }
            if (wanted.unique() && wanted.defaultValue() != null) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT,
                        at + "default",
                        "cannot be used with unique: two rows would share it");
            }
            Column column =
                    Column.of(wanted.name(), wanted.type(), wanted.required()).withDefault(wanted.defaultValue());
            return wanted.unique() ? column.asUnique() : column;
        }

        private static Column vector(NewColumn wanted, String at) {
            Integer dimensions = wanted.dimensions();
            if (dimensions == null) {
                throw InvalidInputException.of(
                        ErrorCode.MISSING_FIELD, at + "dimensions", "is missing; an embedding column needs it");
            }
            if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
                throw InvalidInputException.of(
                        ErrorCode.OUT_OF_RANGE,
                        at + "dimensions",
                        "must be 1 to " + MAX_DIMENSIONS + ", got " + dimensions);
            }
            if (wanted.unique()) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT, at + "unique", "cannot be used on embedding columns");
            }
            Metric metric = wanted.metric() == null ? Metric.COSINE : wanted.metric();
            if (wanted.defaultValue() instanceof float[] value) {
                Vectors.requireUsable(value, dimensions, metric, at + "default");
            }
            return new Column(
                    wanted.name(),
                    ColumnType.VECTOR,
                    wanted.required(),
                    false,
                    wanted.defaultValue(),
                    dimensions,
                    metric,
                    Map.of());
        }

        private static Column key(Column column, String field) {
            if (column.type() != ColumnType.STRING && column.type() != ColumnType.INT) {
                throw InvalidInputException.of(
                        ErrorCode.WRONG_TYPE,
                        "primary_key",
                        "must name a column of type string or int; '" + column.name() + "' is of type "
                                + TypeNames.of(column.type()));
            }
            if (column.defaultValue() != null) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT, field + ".default", "cannot be given to the primary key");
            }
            return Column.of(column.name(), column.type(), true);
        }

        /** Refuses a name that equals another, or differs from it only in case. */
        static void requireNew(String name, @Nullable String other, String field) {
            if (other != null) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT,
                        field,
                        other.equals(name)
                                ? "is taken: there is a column '" + Words.shown(name) + "' already"
                                : "differs from column '" + Words.shown(other) + "' only in the case of letters");
            }
        }
    }
}
