package com.akidb.engine.embedded.catalog;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.embedded.sql.SqlFunctions;
import com.akidb.vector.Metric;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An index that was asked for, as the store knows it, and the SQL of those that lie in SQLite.
 *
 * @param number never used again in its table
 * @param columns numbers of its columns, in order
 * @param builtTo id of the last row that is in it while it is being built
 * @param buildUntil id of the last row that there was when building began; later ones come in by themselves
 * @param error why it failed; null in other states
 */
public record IndexRecord(
        int number,
        String name,
        IndexMethod method,
        List<Integer> columns,
        @Nullable Metric metric,
        Map<String, Integer> parameters,
        State state,
        long builtTo,
        long buildUntil,
        @Nullable String error) {

    public IndexRecord {
        columns = List.copyOf(columns);
        parameters = Map.copyOf(parameters);
    }

    /** How far an index is. */
    public enum State {
        BUILDING,
        /** It serves, and is being built anew. */
        REBUILDING,
        READY,
        FAILED
    }

    public IndexRecord withState(State newState, @Nullable String why) {
        return new IndexRecord(number, name, method, columns, metric, parameters, newState, builtTo, buildUntil, why);
    }

    public IndexRecord builtTo(long row) {
        return new IndexRecord(number, name, method, columns, metric, parameters, state, row, buildUntil, error);
    }

    public boolean isBuilding() {
        return state == State.BUILDING || state == State.REBUILDING;
    }

    /** Whether all rows can be found by it. */
    public boolean serves() {
        return state == State.READY || state == State.REBUILDING;
    }

    /** The index in the words of its table's definition. */
    IndexDefinition definition(TableLayout layout) {
        List<String> names = columns.stream()
                .map(column -> layout.column(layout.positionOf(column)).name())
                .toList();
        return new IndexDefinition(name, names, method, metric, parameters);
    }

    /** The state of an index that is not over a vector column; it lies on the disk and holds no memory. */
    IndexStatus status(TableLayout layout, long rowCount) {
        IndexDefinition definition = definition(layout);
        String shown = switch (state) {
            case BUILDING, REBUILDING -> "building";
            case READY -> "ready";
            case FAILED -> "failed";
        };
        int percent = serves() && !isBuilding() ? 100 : percentBuilt();
        long rows = serves() ? rowCount : rowCount * percent / 100;
        return new IndexStatus(
                definition, definition.columns().getFirst(), shown, percent, rows, 0, null, List.of(), error);
    }

    private int percentBuilt() {
        return buildUntil == 0 ? 0 : (int) Math.min(100, 100 * builtTo / buildUntil);
    }

    private String list(String prefix) {
        return columns.stream().map(column -> prefix + column).collect(Collectors.joining(", "));
    }

    /** Makes an ordered tree with the rows that are there. */
    public List<String> createTree(TableNames names) {
        String tree = names.tree(number);
        return List.of(
                "DROP INDEX IF EXISTS " + tree,
                "CREATE INDEX " + tree + " ON " + names.rows() + " (" + list("c") + ")");
    }

    private String terms(String prefix) {
        return columns.stream()
                .map(column -> SqlFunctions.TERMS + "(" + prefix + column + ")")
                .collect(Collectors.joining(", "));
    }

    /** An inverted index that keeps no texts, and triggers by which it follows the rows in their transactions. */
    public List<String> createText(TableNames names) {
        String text = names.text(number);
        String rows = names.rows();
        String insert = "INSERT INTO " + text + " (rowid, " + list("t") + ") VALUES (new.id, " + terms("new.c") + ");";
        String delete = "DELETE FROM " + text + " WHERE rowid = old.id;";
        return List.of(
                "CREATE VIRTUAL TABLE " + text + " USING fts5(" + list("t")
                        + ", content='', contentless_delete=1,"
                        + " tokenize='unicode61 remove_diacritics 2 categories ''L* M* N* Co''')",
                "CREATE TRIGGER " + text + "_insert AFTER INSERT ON " + rows + " BEGIN " + insert + " END",
                "CREATE TRIGGER " + text + "_delete AFTER DELETE ON " + rows + " BEGIN " + delete + " END",
                "CREATE TRIGGER " + text + "_update AFTER UPDATE OF " + list("c") + " ON " + rows + " BEGIN " + delete
                        + " " + insert + " END");
    }

    /** Drops what lies in SQLite; nothing for indexes over vectors. */
    public List<String> drop(TableNames names) {
        String text = names.text(number);
        return switch (method) {
            case BTREE -> List.of("DROP INDEX IF EXISTS " + names.tree(number));
            case TEXT ->
                List.of(
                        "DROP TRIGGER IF EXISTS " + text + "_insert",
                        "DROP TRIGGER IF EXISTS " + text + "_delete",
                        "DROP TRIGGER IF EXISTS " + text + "_update",
                        "DROP TABLE IF EXISTS " + text);
            case HNSW, IVFFLAT -> List.of();
        };
    }

    /** The id of the row that is so many behind another. Parameters: the other, how many less one, the last. */
    public static String endOfBatch(TableNames names) {
        return "SELECT id FROM " + names.rows() + " WHERE id > ? AND id <= ?3 ORDER BY id LIMIT 1 OFFSET ?2";
    }

    /** Takes in rows after one id up to another. A row that a trigger brought already is taken in again. */
    public String fillText(TableNames names) {
        return "INSERT OR REPLACE INTO " + names.text(number) + " (rowid, " + list("t") + ") SELECT id, " + terms("c")
                + " FROM " + names.rows() + " WHERE id > ? AND id <= ?";
    }

    /** Empties the index and takes in all rows. */
    public List<String> refillText(TableNames names) {
        String text = names.text(number);
        return List.of(
                "INSERT INTO " + text + " (" + text + ") VALUES ('delete-all')",
                "INSERT INTO " + text + " (rowid, " + list("t") + ") SELECT id, " + terms("c") + " FROM "
                        + names.rows());
    }
}
