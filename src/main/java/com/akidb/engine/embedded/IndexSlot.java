package com.akidb.engine.embedded;

import com.akidb.engine.embedded.index.IndexLayout;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.engine.embedded.index.RowSource;
import com.akidb.engine.embedded.index.TableIndex;
import com.akidb.engine.embedded.index.TableIndexes;
import com.akidb.error.UnavailableException;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
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
    private final UUID tableId;
    private final RowSource source;
    private IndexLayout layout;
    private volatile @Nullable TableIndex index;

    IndexSlot(TableIndexes indexes, UUID tableId, IndexLayout layout, RowSource source) {
        this.indexes = indexes;
        this.tableId = tableId;
        this.layout = layout;
        this.source = source;
        this.index = indexes.open(layout, tableId, source);
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
        follow(version, open -> open.apply(version, changes));
    }

    /** Takes in a commit that changed columns or declared indexes; for the writer's thread. Searches go on meanwhile. */
    void follow(long version, IndexLayout changed) {
        layout = changed;
        follow(version, open -> open.follow(version, changed));
    }

    private void follow(long version, Consumer<TableIndex> commit) {
        TableIndex open = index;
        try {
            if (open != null) {
                commit.accept(open);
                return;
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            log.error("The index of table {} failed to take in commit {}", tableId, version, e);
            index = null;
            close(open);
        }
        try {
            index = indexes.open(layout, tableId, source);
            log.debug("Opened the index of table {} anew", tableId);
        } catch (RuntimeException | OutOfMemoryError e) {
            log.error("The index of table {} could not be opened anew; it cannot be searched", tableId, e);
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
