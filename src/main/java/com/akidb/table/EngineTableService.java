package com.akidb.table;

import com.akidb.engine.Alteration;
import com.akidb.engine.Column;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.TableEngine;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.text.Names;
import com.akidb.text.Words;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tables as the engine keeps them. */
final class EngineTableService implements TableService {

    private final TableEngine engine;
    private final TableDirectory directory;

    EngineTableService(TableEngine engine, TableDirectory directory) {
        this.engine = engine;
        this.directory = directory;
    }

    @Override
    public TableDescription create(NewTable table) {
        Names.requireTable(table.name(), "name");
        List<Column> columns = Columns.of(table);
        String key = table.primaryKey() == null ? ColumnFacts.ROW_ID : table.primaryKey();
        TableDefinition definition =
                new TableDefinition(table.name(), columns, key, Map.of(ColumnFacts.KIND, ColumnFacts.TABLE));
        return describe(named(table.name(), "name", () -> engine.create(definition)));
    }

    @Override
    public List<TableDescription> list() {
        return engine.tables().stream().map(this::describe).toList();
    }

    @Override
    public TableDescription describe(String table) {
        return describe(directory.require(table).table());
    }

    private TableDescription describe(Table table) {
        TableSchema schema = new TableSchema(table);
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

    @Override
    public void drop(String table) {
        TableSchema found = directory.requireWritable(table);
        if (!engine.drop(found.id())) {
            throw TableDirectory.notFound(table);
        }
    }

    @Override
    public TableDescription rename(String table, String newName) {
        TableSchema found = directory.requireWritable(table);
        Names.requireTable(newName, "name");
        if (newName.equals(found.name())) {
            return describe(found.table());
        }
        return describe(named(newName, "name", () -> alter(found, new Alteration.RenameTable(newName))));
    }

    @Override
    public TableDescription addColumn(String table, NewColumn wanted) {
        TableSchema found = directory.requireWritable(table);
        Column column = Columns.of(wanted, "");
        requireFree(found, column.name(), null);
        if (found.columns().size() >= NewTable.MAX_COLUMNS) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "A table has at most " + NewTable.MAX_COLUMNS + " columns", "name");
        }
        if (column.required() && column.defaultValue() == null && found.table().rowCount() > 0) {
            throw new InvalidInputException(
                    ErrorCode.MISSING_FIELD,
                    "default is missing; the rows that are there need a value of a required column",
                    "default");
        }
        return describe(alter(found, new Alteration.AddColumn(column, null)));
    }

    @Override
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

    @Override
    public TableDescription renameColumn(String table, String column, String newName) {
        TableSchema found = directory.requireWritable(table);
        Column old = existing(found, column);
        if (ColumnFacts.isAutomatic(old)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "The row id is the server's and keeps its name", "column");
        }
        Names.requireColumn(newName, "name");
        requireFree(found, newName, column);
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

    /** The column that an address names. */
    private static Column existing(TableSchema schema, String column) {
        if (schema.position(column) < 0) {
            throw new NotFoundException(
                    ErrorCode.NOT_FOUND,
                    "Table '" + Words.shown(schema.name()) + "' has no column '" + Words.shown(column) + "'",
                    "column");
        }
        return schema.column(column, "column");
    }

    /** Columns that others are computed from stay what they are: what is kept with the others names them. */
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

    private static void requireFree(TableSchema schema, String name, @Nullable String except) {
        for (Column column : schema.definition().columns()) {
            boolean same = Columns.lower(column.name()).equals(Columns.lower(name));
            if (same && !column.name().equals(except)) {
                throw new ConflictException(
                        ErrorCode.ALREADY_EXISTS,
                        "The table has a column '" + Words.shown(column.name()) + "' already",
                        "name");
            }
        }
    }

    private Table alter(TableSchema schema, Alteration alteration) {
        return TableDirectory.reading(schema, () -> engine.alter(schema.id(), alteration));
    }

    private static Table named(String name, String field, Supplier<Table> change) {
        try {
            return change.get();
        } catch (ConflictException taken) {
            throw new ConflictException(
                    ErrorCode.ALREADY_EXISTS, "The name '" + Words.shown(name) + "' is taken", field);
        }
    }
}
