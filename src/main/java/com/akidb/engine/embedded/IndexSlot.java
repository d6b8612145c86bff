package com.akidb.engine.embedded;

import com.akidb.engine.Table;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.engine.embedded.index.RowSource;
import com.akidb.engine.embedded.index.TableIndex;
import com.akidb.engine.embedded.index.TableIndexes;
import com.akidb.error.UnavailableException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a table's index. An index that cannot take in a commit, for want of memory say, is opened anew from the store; if
 * that fails too, the table can be written and read but not searched until the next commit or start.
 */
final class IndexSlot {

    private static final Logger log = LoggerFactory.getLogger(IndexSlot.class);

    private final TableIndexes indexes;
    private Table table;
    private RowSource source;
    private volatile @Nullable TableIndex index;

    IndexSlot(TableIndexes indexes, Table table, RowSource source) {
        this.indexes = indexes;
        this.table = table;
        this.source = source;
        this.index = indexes.open(table.definition(), table.id(), source);
    }

    TableIndex get() {
        TableIndex open = index;
        if (open == null) {
            throw new UnavailableException("The index of this table could not be kept up to date");
        }
        return open;
    }

    /** Takes in a commit; for the writer's thread. */
    void apply(long version, List<RowChange> changes) {
        TableIndex open = index;
        try {
            if (open != null) {
                open.apply(version, changes);
                return;
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            log.error("The index of table {} failed to take in commit {}", table.id(), version, e);
            index = null;
            close(open);
        }
        reopen();
    }

    /** Follows an alteration of the table; for the writer's thread. Searches go on with the old index until then. */
    void alter(Table altered, RowSource from) {
        table = altered;
        source = from;
        TableIndex before = index;
        reopen();
        if (index == before) {
            index = null;
        }
        close(before);
    }

    private void reopen() {
        try {
            index = indexes.open(table.definition(), table.id(), source);
            log.debug("Opened the index of table {} anew", table.id());
        } catch (RuntimeException | OutOfMemoryError e) {
            log.error("The index of table {} could not be opened anew; it cannot be searched", table.id(), e);
        }
    }

    void snapshot() {
        TableIndex open = index;
        if (open != null) {
            open.snapshot();
        }
    }

    void close() {
        close(index);
    }

    private static void close(@Nullable TableIndex index) {
        if (index != null) {
            index.close();
        }
    }
}
