package com.akidb.engine.embedded.catalog;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.embedded.sql.SqlTable;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.text.Unicode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A table's definition with the numbers by which the store knows its columns. A number is never used again, so a layout
 * that is out of date can miss what it names but never mistake one column for another. Never changed, only replaced.
 */
public final class TableLayout implements SqlTable {

    private final TableNames names;
    private final TableDefinition definition;
    private final List<Integer> numbers;

    /** By the names that are asked for; {@link #GONE} for a column that is there no more. */
    private final Map<String, Integer> positions;

    private final List<Integer> scalars;
    private final List<Integer> vectors;
    private final int keyPosition;
    private final TableSql sql;

    /** In the place of a position. */
    private static final int GONE = -1;

    /**
     * @param numbers of the definition's columns, in their order
     */
    public TableLayout(TableNames names, TableDefinition definition, List<Integer> numbers) {
        this.names = names;
        this.definition = definition;
        this.numbers = List.copyOf(numbers);
        this.positions = new HashMap<>();
        for (int position = 0; position < numbers.size(); position++) {
            positions.put(definition.columns().get(position).name(), position);
        }
        this.scalars = positions(false);
        this.vectors = positions(true);
        this.keyPosition = position(definition.primaryKey(), "primaryKey");
        this.sql = new TableSql(this);
    }

    private TableLayout(TableLayout now, TableLayout then) {
        this.names = now.names;
        this.definition = now.definition;
        this.numbers = now.numbers;
        this.scalars = now.scalars;
        this.vectors = now.vectors;
        this.keyPosition = now.keyPosition;
        this.sql = now.sql;
        this.positions = new HashMap<>();
        then.positions.forEach((name, position) -> positions.put(name, positionOf(then.number(position))));
    }

    /**
     * This layout with the column names of another: names were resolved to numbers
     * then, and numbers are what columns keep.
     */
    public TableLayout inTheNamesOf(TableLayout then) {
        return then == this ? this : new TableLayout(this, then);
    }

    /** The layout of a table that is new: its columns are numbered from 1. */
    public static TableLayout fresh(TableNames names, TableDefinition definition) {
        return new TableLayout(
                names,
                definition,
                IntStream.rangeClosed(1, definition.columns().size()).boxed().toList());
    }

    private List<Integer> positions(boolean vectorColumns) {
        return IntStream.range(0, numbers.size())
                .filter(position -> (column(position).type() == ColumnType.VECTOR) == vectorColumns)
                .boxed()
                .toList();
    }

    public TableNames names() {
        return names;
    }

    public TableDefinition definition() {
        return definition;
    }

    public List<Integer> numbers() {
        return numbers;
    }

    /** Positions of the columns that are in the table of rows, in order. */
    public List<Integer> scalars() {
        return scalars;
    }

    /** Positions of the columns that have tables of their own, in order. */
    public List<Integer> vectors() {
        return vectors;
    }

    public TableSql sql() {
        return sql;
    }

    @Override
    public Column column(int position) {
        return definition.columns().get(position);
    }

    public int number(int position) {
        return numbers.get(position);
    }

    /** Where the column of a number is; -1 if it is not there. */
    public int positionOf(int number) {
        return numbers.indexOf(number);
    }

    @Override
    public String sqlName(int position) {
        return TableNames.column(number(position));
    }

    public int keyPosition() {
        return keyPosition;
    }

    public ColumnType keyType() {
        return column(keyPosition()).type();
    }

    /** The primary key that a text stands for: a String, or a Long of an INT key; null if no row can have such a key. */
    public @Nullable Object parseKey(String key) {
        if (keyType() != ColumnType.INT) {
            return Unicode.isWellFormed(key) ? key : null;
        }
        try {
            long number = Long.parseLong(key);
            return Long.toString(number).equals(key) ? number : null;
        } catch (NumberFormatException noNumber) {
            return null;
        }
    }

    /** Whether another layout has the same columns, called the same and with the same properties, in the same order. */
    boolean hasColumnsOf(TableLayout other) {
        return numbers.equals(other.numbers) && definition.columns().equals(other.definition.columns());
    }

    /** Whether the table has a column of that name. */
    public boolean has(String name) {
        return positions.getOrDefault(name, GONE) != GONE;
    }

    @Override
    public String rowsName() {
        return names.rows();
    }

    @Override
    public String vectorsName(int position) {
        return names.vectors(number(position));
    }

    @Override
    public int position(String name, String field) {
        Integer position = positions.get(name);
        if (position == null) {
            throw new InvalidInputException(
                    ErrorCode.UNKNOWN_FIELD,
                    "There is no column '" + name + "'" + Suggestion.hint(name, positions.keySet()),
                    field);
        }
        if (position == GONE) {
            throw new InvalidInputException(
                    ErrorCode.UNKNOWN_FIELD, "The column '" + name + "' has been dropped", "column");
        }
        return position;
    }

    /**
     * Position of the vector column of that name.
     *
     * @throws InvalidInputException if there is none
     */
    public int vectorPosition(String name, String field) {
        int position = position(name, field);
        if (column(position).type() != ColumnType.VECTOR) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "'" + name + "' is not a vector column", field);
        }
        return position;
    }
}
