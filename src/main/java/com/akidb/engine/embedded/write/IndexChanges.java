package com.akidb.engine.embedded.write;

import com.akidb.engine.Column;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.embedded.catalog.Catalog;
import com.akidb.engine.embedded.catalog.DefinitionCheck;
import com.akidb.engine.embedded.catalog.IndexRecord;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableNames;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.file.Database;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Changes the indexes of one table, inside the transaction that is open. */
final class IndexChanges {

    private static final int MOST_INDEXES = 64;
    private static final int MOST_COLUMNS = 16;

    /** Rows that are taken into a text index at once; other writes come between. */
    private static final int BATCH = 1_000;

    private final Catalog catalog;
    private final TableRecord table;
    private final TableLayout layout;
    private final TableNames names;

    IndexChanges(Catalog catalog, TableRecord table) {
        this.catalog = catalog;
        this.table = table;
        this.layout = table.layout();
        this.names = layout.names();
    }

    /**
     * Makes an index, still without the rows that are there.
     *
     * @throws ConflictException if its name is taken, or there is one like it over the same vectors
     * @throws InvalidInputException if it does not fit the columns
     */
    void create(IndexDefinition wanted) throws SQLException {
        List<Integer> columns = check(wanted);
        List<IndexRecord> known = table.indexes();
        if (known.size() >= MOST_INDEXES) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "A table has at most " + MOST_INDEXES + " indexes", "name");
        }
        for (IndexRecord other : known) {
            if (other.name().equals(wanted.name())) {
                throw new ConflictException(
                        ErrorCode.ALREADY_EXISTS, "An index '" + wanted.name() + "' exists already", "name");
            }
            boolean sameVectors =
                    wanted.method().isVector() && other.columns().equals(columns) && other.metric() == wanted.metric();
            if (sameVectors) {
                throw new ConflictException(
                        ErrorCode.ALREADY_EXISTS,
                        "The index '" + other.name() + "' is over the same column and metric",
                        "column");
            }
        }
        boolean vector = wanted.method().isVector();
        IndexRecord index = new IndexRecord(
                catalog.takeIndexNumber(names.number()),
                wanted.name(),
                wanted.method(),
                columns,
                wanted.metric(),
                wanted.parameters(),
                vector ? IndexRecord.State.READY : IndexRecord.State.BUILDING,
                0,
                table.lastRowId(),
                null);
        catalog.putIndex(names.number(), index);
        if (index.method() == IndexMethod.TEXT) {
            run(index.createText(names));
        }
    }

    private List<Integer> check(IndexDefinition wanted) {
        DefinitionCheck.checkName(wanted.name(), "name");
        int count = wanted.columns().size();
        boolean vector = wanted.method().isVector();
        if (count == 0 || count > (vector ? 1 : MOST_COLUMNS)) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    vector ? "An index over vectors has one column" : "An index has 1 to " + MOST_COLUMNS + " columns",
                    "columns");
        }
        if (vector != (wanted.metric() != null)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "An index over vectors, and no other, has a metric", "metric");
        }
        Set<String> distinct = new HashSet<>(wanted.columns());
        if (distinct.size() < count) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "A column is named twice", "columns");
        }
        return wanted.columns().stream()
                .map(name -> {
                    int position = layout.position(name, "columns");
                    checkColumn(wanted.method(), layout.column(position));
                    return layout.number(position);
                })
                .toList();
    }

    private static void checkColumn(IndexMethod method, Column column) {
        if (!method.suits(column.type())) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + column.name() + "' holds " + column.type() + ", which " + method + " does not index",
                    "columns");
        }
    }

    void drop(IndexRecord index) throws SQLException {
        catalog.deleteIndex(names.number(), index.number());
        run(index.drop(names));
    }

    /** Drops the indexes over a column. */
    void dropOver(int column) throws SQLException {
        for (IndexRecord index : table.indexes()) {
            if (index.columns().contains(column)) {
                drop(index);
            }
        }
    }

    /** Lets the indexes over a vector column be over another; they win over those that the other has of a metric. */
    void move(int from, int to) throws SQLException {
        for (IndexRecord index : table.indexes()) {
            if (index.columns().contains(from)) {
                for (IndexRecord other : table.indexes()) {
                    if (other.columns().contains(to) && other.metric() == index.metric()) {
                        drop(other);
                    }
                }
                put(new IndexRecord(
                        index.number(),
                        index.name(),
                        index.method(),
                        List.of(to),
                        index.metric(),
                        index.parameters(),
                        index.state(),
                        index.builtTo(),
                        index.buildUntil(),
                        index.error()));
            }
        }
    }

    void put(IndexRecord index) throws SQLException {
        catalog.putIndex(names.number(), index);
    }

    /** Begins to build an index anew; one in use stays in use meanwhile. */
    void beginRebuild(IndexRecord index) throws SQLException {
        put(index.withState(index.serves() ? IndexRecord.State.REBUILDING : IndexRecord.State.BUILDING, null));
    }

    /** Does a piece of the work on an index that is being built. */
    void build(IndexRecord index) throws SQLException {
        if (index.method() == IndexMethod.BTREE) {
            run(index.createTree(names));
            put(index.withState(IndexRecord.State.READY, null));
        } else if (index.state() == IndexRecord.State.REBUILDING) {
            run(index.refillText(names));
            put(index.withState(IndexRecord.State.READY, null));
        } else {
            long end = endOfBatch(index);
            catalog.statements().update(index.fillText(names), index.builtTo(), end);
            IndexRecord further = index.builtTo(end);
            put(end == index.buildUntil() ? further.withState(IndexRecord.State.READY, null) : further);
        }
    }

    private long endOfBatch(IndexRecord index) throws SQLException {
        PreparedStatement select = catalog.statements().get(IndexRecord.endOfBatch(names));
        select.setLong(1, index.builtTo());
        select.setInt(2, BATCH - 1);
        select.setLong(3, index.buildUntil());
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : index.buildUntil();
        }
    }

    private void run(List<String> ddl) throws SQLException {
        for (String sql : ddl) {
            Database.execute(catalog.statements().connection(), sql);
        }
    }
}
