package com.akidb.backup;

import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Row;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.engine.embedded.Engines;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** A table of documents in a data directory, for tests that copy and damage it. */
public final class Shelf {

    private static final int PAGE = 1_000;

    private Shelf() {}

    /** Makes a data directory with these texts, by their keys. */
    public static void fill(Path data, String... texts) {
        try (TableEngine engine = Engines.open(data)) {
            Table table = engine.create(Fixtures.documents("shelf"));
            for (int i = 0; i < texts.length; i++) {
                put(engine, table, "k" + i, texts[i]);
            }
        }
    }

    /** Sequence number of the commit. */
    static long put(TableEngine engine, Table table, String key, String text) {
        return Fixtures.done(engine.write(
                        table.id(),
                        new Mutation.Insert(List.of(Fixtures.document(key, text, 1, 2)), OnConflict.REPLACE)))
                .version();
    }

    /** Texts by keys, as an engine finds them. */
    static TreeMap<String, String> read(Path data) {
        try (TableEngine engine = Engines.open(data)) {
            return read(engine);
        }
    }

    static TreeMap<String, String> read(TableEngine engine) {
        TreeMap<String, String> texts = new TreeMap<>();
        Table table = engine.find("shelf").orElseThrow();
        long after = 0;
        List<Row> rows;
        do {
            rows = engine.reader(table.id()).list(after, PAGE, false).rows();
            for (Row row : rows) {
                texts.put((String) row.values().get(0), (String) row.values().get(1));
                after = row.rowId();
            }
        } while (!rows.isEmpty());
        return texts;
    }
}
