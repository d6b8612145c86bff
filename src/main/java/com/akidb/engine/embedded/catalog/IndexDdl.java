package com.akidb.engine.embedded.store;

import java.util.List;
import java.util.stream.Collectors;

/** The SQL that makes, fills and drops the indexes that lie in SQLite. */
final class IndexDdl {

    private final String rows;
    private final String tree;
    private final String text;
    private final List<Integer> columns;

    IndexDdl(TableNames names, StoredIndex index) {
        this.rows = names.rows();
        this.tree = names.tree(index.number());
        this.text = names.text(index.number());
        this.columns = index.columns();
    }

    private String list(String prefix) {
        return columns.stream().map(column -> prefix + column).collect(Collectors.joining(", "));
    }

    List<String> createTree() {
        return List.of("DROP INDEX IF EXISTS " + tree, "CREATE INDEX " + tree + " ON " + rows + " (" + list("c") + ")");
    }

    List<String> dropTree() {
        return List.of("DROP INDEX IF EXISTS " + tree);
    }

    /** An inverted index that keeps no texts, and triggers by which it follows the rows in their transactions. */
    List<String> createText() {
        String insert = "INSERT INTO " + text + " (rowid, " + list("t") + ") VALUES (new.id, " + list("new.c") + ");";
        String delete = "DELETE FROM " + text + " WHERE rowid = old.id;";
        return List.of(
                "CREATE VIRTUAL TABLE " + text + " USING fts5(" + list("t")
                        + ", content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')",
                "CREATE TRIGGER " + text + "_insert AFTER INSERT ON " + rows + " BEGIN " + insert + " END",
                "CREATE TRIGGER " + text + "_delete AFTER DELETE ON " + rows + " BEGIN " + delete + " END",
                "CREATE TRIGGER " + text + "_update AFTER UPDATE OF " + list("c") + " ON " + rows + " BEGIN " + delete
                        + " " + insert + " END");
    }

    List<String> dropText() {
        return List.of(
                "DROP TRIGGER IF EXISTS " + text + "_insert",
                "DROP TRIGGER IF EXISTS " + text + "_delete",
                "DROP TRIGGER IF EXISTS " + text + "_update",
                "DROP TABLE IF EXISTS " + text);
    }

    /** The id of the row that is so many behind another. Parameters: the other, how many less one, the last. */
    String endOfBatch() {
        return "SELECT id FROM " + rows + " WHERE id > ? AND id <= ?3 ORDER BY id LIMIT 1 OFFSET ?2";
    }

    /** Takes in rows after one id up to another. A row that a trigger brought already is taken in again. */
    String fillText() {
        return "INSERT OR REPLACE INTO " + text + " (rowid, " + list("t") + ") SELECT id, " + list("c") + " FROM "
                + rows + " WHERE id > ? AND id <= ?";
    }

    List<String> refillText() {
        return List.of(
                "INSERT INTO " + text + " (" + text + ") VALUES ('delete-all')",
                "INSERT INTO " + text + " (rowid, " + list("t") + ") SELECT id, " + list("c") + " FROM " + rows);
    }
}
