package com.akidb.http;

import com.akidb.table.NoComputedColumns;
import com.akidb.table.RowService;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableProperties;
import com.akidb.table.TestTables;
import java.util.concurrent.atomic.AtomicInteger;

/** The real rows, counting the pages that are read. */
public final class CountingRows extends RowService {

    private final AtomicInteger pages = new AtomicInteger();

    CountingRows(TestTables tables) {
        super(
                tables.engine(),
                new TableDirectory(tables.engine()),
                TableProperties.defaults(),
                new NoComputedColumns());
    }

    /** How many pages have been read. */
    public AtomicInteger pages() {
        return pages;
    }

    @Override
    public TablePage query(TableQuery query) {
        pages.incrementAndGet();
        return super.query(query);
    }
}
