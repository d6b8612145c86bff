package com.akidb.engine.embedded.write;

import com.akidb.engine.Alteration;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.embedded.catalog.Catalog;
import com.akidb.engine.embedded.catalog.DefinitionCheck;
import com.akidb.engine.embedded.catalog.IndexRecord;
import com.akidb.engine.embedded.catalog.TableDdl;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableNames;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.file.Database;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.engine.embedded.sql.SqlText;
import com.akidb.engine.embedded.write.MutationApplier.CommitMark;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Predicate;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** Changes the definition of one table as of a commit, inside the transaction that is open. */
final class Alterations {

    private final Catalog catalog;
    private final Statements statements;
    private final TableRecord table;
    private final TableLayout layout;
    private final TableNames names;
    private final long version;

    Alterations(Catalog catalog, TableRecord table, long version) {
        this.catalog = catalog;
        this.statements = catalog.statements();
        this.table = table;
        this.layout = table.layout();
        this.names = layout.names();
        this.version = version;
    }

    /** What a table is from a commit on. */
    record Altered(TableLayout layout, List<IndexRecord> indexes, long version) {}

    /**
     * Applies one.
     *
     * @return what the table is then
     * @throws InvalidInputException if the table has no such column, or the change does not fit its rows
     * @throws ConflictException if the new name is taken, or rows are not unique
     */
    Altered apply(Alteration alteration) throws SQLException {
        if (table.isDropped()) {
            throw new com.akidb.error.NotFoundException("The table is gone");
        }
        TableLayout altered = switch (alteration) {
            case Alteration.AddColumn(Column column, Predicate pendingFor) -> add(column, pendingFor);
            case Alteration.DropColumn(String name) -> drop(name);
            case Alteration.RenameColumn(String name, String newName) -> rename(name, newName);
            case Alteration.ReplaceColumn(String name, String by, Map<String, String> properties) ->
                replace(name, by, properties);
            case Alteration.SetColumnProperties(String name, Map<String, String> properties) ->
                setProperties(name, properties);
            case Alteration.RenameTable(String newName) -> renameTable(newName);
        };
        catalog.altered(table, version);
        if (!altered.numbers().equals(layout.numbers()) || !columnNames(altered).equals(columnNames(layout))) {
            statements.update(layout.sql().logDefinition, version);
        }
        return new Altered(altered, catalog.indexes(names), version);
    }

    private static List<String> columnNames(TableLayout layout) {
        return layout.definition().columns().stream().map(Column::name).toList();
    }

    private TableLayout add(Column column, @Nullable Predicate pendingFor) throws SQLException {
        List<Column> columns = new ArrayList<>(layout.definition().columns());
        columns.add(column);
        DefinitionCheck.checkCount(columns.size());
        int number = catalog.takeColumnNumber(names.number());
        List<Integer> numbers = new ArrayList<>(layout.numbers());
        numbers.add(number);
        TableLayout altered = with(columns, numbers, layout.definition().primaryKey());
        if (column.required() && column.defaultValue() == null && table.state().rowCount() > 0) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + column.name() + "' is required and has no default for the rows that are there",
                    "column.default");
        }
        catalog.insertColumn(names.number(), number, column);
        if (column.type() == ColumnType.VECTOR) {
            run(TableDdl.vectors(names, number));
            if (pendingFor != null) {
                SqlText rows =
                        new RowSelector(statements, altered, null, null).condition(new RowSelection.Where(pendingFor));
                CellWriter cells = new CellWriter(statements, altered, new CommitMark(version, 0), new WriteEffect());
                cells.markPending(number, rows);
            }
            return altered;
        }
        run(List.of("ALTER TABLE " + names.rows() + " ADD COLUMN " + TableNames.column(number) + " "
                + TableDdl.sqlType(column.type())));
        if (column.defaultValue() != null) {
            PreparedStatement fill =
                    statements.get("UPDATE " + names.rows() + " SET " + TableNames.column(number) + " = ?");
            ColumnValues.bind(fill, 1, column.type(), column.defaultValue());
            fill.executeUpdate();
        }
        if (column.unique()) {
            makeUnique(number, column.name());
        }
        return altered;
    }

    private void makeUnique(int number, String name) throws SQLException {
        try {
            run(List.of(TableDdl.unique(names, number)));
        } catch (SQLException e) {
            if (SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_CONSTRAINT) {
                throw new ConflictException(
                        ErrorCode.CONFLICT, "The rows that are there would not be unique in '" + name + "'", "column");
            }
            throw e;
        }
    }

    private TableLayout drop(String name) throws SQLException {
        int position = layout.position(name, "name");
        if (position == layout.keyPosition()) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "The primary key '" + name + "' cannot be dropped", "name");
        }
        List<Column> columns = new ArrayList<>(layout.definition().columns());
        columns.remove(position);
        List<Integer> numbers = new ArrayList<>(layout.numbers());
        int number = numbers.remove(position);
        new IndexChanges(catalog, table).dropOver(number);
        if (layout.column(position).type() == ColumnType.VECTOR) {
            run(TableDdl.dropVectors(names, number));
        } else {
            run(List.of(
                    "DROP INDEX IF EXISTS " + names.unique(number),
                    "ALTER TABLE " + names.rows() + " DROP COLUMN " + TableNames.column(number)));
        }
        catalog.deleteColumn(names.number(), number);
        return with(columns, numbers, layout.definition().primaryKey());
    }

    private TableLayout rename(String name, String newName) throws SQLException {
        int position = layout.position(name, "name");
        List<Column> columns = new ArrayList<>(layout.definition().columns());
        columns.set(position, columns.get(position).renamed(newName));
        String key = layout.definition().primaryKey();
        TableLayout altered = with(columns, layout.numbers(), key.equals(name) ? newName : key);
        catalog.renameColumn(names.number(), layout.number(position), newName);
        return altered;
    }

    private TableLayout replace(String name, String by, Map<String, String> properties) throws SQLException {
        int position = layout.vectorPosition(name, "name");
        int other = layout.vectorPosition(by, "by");
        if (position == other) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "'" + name + "' cannot take its own place", "by");
        }
        int number = layout.number(position);
        int comes = layout.number(other);
        List<Column> columns = new ArrayList<>(layout.definition().columns());
        List<Integer> numbers = new ArrayList<>(layout.numbers());
        columns.set(position, columns.get(other).renamed(name).withProperties(properties));
        numbers.set(position, comes);
        columns.remove(other);
        numbers.remove(other);
        catalog.takePlace(names.number(), comes, number);
        catalog.deleteColumn(names.number(), number);
        catalog.renameColumn(names.number(), comes, name);
        catalog.replaceColumnProperties(names.number(), comes, properties);
        new IndexChanges(catalog, table).move(number, comes);
        run(TableDdl.dropVectors(names, number));
        return with(columns, numbers, layout.definition().primaryKey());
    }

    private TableLayout setProperties(String name, Map<String, String> properties) throws SQLException {
        int position = layout.position(name, "name");
        List<Column> columns = new ArrayList<>(layout.definition().columns());
        columns.set(position, columns.get(position).withProperties(properties));
        TableLayout altered =
                with(columns, layout.numbers(), layout.definition().primaryKey());
        catalog.replaceColumnProperties(names.number(), layout.number(position), properties);
        return altered;
    }

    private TableLayout renameTable(String newName) throws SQLException {
        TableDefinition before = layout.definition();
        TableDefinition definition =
                new TableDefinition(newName, before.columns(), before.primaryKey(), before.properties());
        DefinitionCheck.check(definition);
        if (!newName.equals(before.name()) && catalog.isTaken(newName)) {
            throw new ConflictException(ErrorCode.ALREADY_EXISTS, "'" + newName + "' exists already", "name");
        }
        catalog.rename(table, newName);
        return new TableLayout(names, definition, layout.numbers());
    }

    private TableLayout with(List<Column> columns, List<Integer> numbers, String primaryKey) {
        TableDefinition before = layout.definition();
        TableDefinition definition = new TableDefinition(before.name(), columns, primaryKey, before.properties());
        DefinitionCheck.check(definition);
        return new TableLayout(names, definition, numbers);
    }

    private void run(List<String> ddl) throws SQLException {
        for (String sql : ddl) {
            Database.execute(statements.connection(), sql);
        }
    }
}
