package com.akidb.table;

import com.akidb.engine.TableEngine;

/** Rows of tables over any engine, with any computed cells. */
public final class TestRows {

    private TestRows() {}

    public static RowService of(TableEngine engine, ComputedCells computed) {
        return new TableConfiguration()
                .rowService(engine, new TableDirectory(engine), computed, TableProperties.defaults());
    }

    public static TableService tables(TableEngine engine) {
        return new TableConfiguration().tableService(engine, new TableDirectory(engine));
    }
}
