package com.akidb.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every {@link TableEngine} must do; each subject has a contract of its own. */
public abstract class TableEngineContract {

    protected TableEngine engine;

    /** The engine over its data: the same that the last engine of this test left behind. */
    protected abstract TableEngine open();

    @BeforeEach
    void openEngine() {
        engine = open();
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    protected final void reopen() {
        engine.close();
        engine = open();
    }

    protected final String text(Table table, String key) {
        return (String)
                engine.reader(table.id()).get(key, false).orElseThrow().values().get(1);
    }

    protected final List<String> nearest(Table table, int k, float... vector) {
        return engine.reader(table.id()).search(Fixtures.search(k, vector)).hits().stream()
                .map(hit -> hit.row().values().get(0) + ":" + hit.row().values().get(1))
                .toList();
    }

    protected final WriteResult put(Table table, String key, String text, float... vector) {
        return insert(table, OnConflict.REPLACE, Fixtures.document(key, text, vector));
    }

    protected final WriteResult delete(Table table, String... keys) {
        return Fixtures.done(engine.write(table.id(), new Mutation.Delete(RowSelection.keys(keys))));
    }

    @SafeVarargs
    protected final WriteResult insert(Table table, OnConflict onConflict, List<@Nullable Object>... rows) {
        return Fixtures.done(engine.write(table.id(), new Mutation.Insert(List.of(rows), onConflict)));
    }
}
