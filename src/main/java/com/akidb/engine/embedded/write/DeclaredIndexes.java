package com.akidb.engine.embedded.write;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.embedded.catalog.Catalog;
import com.akidb.engine.embedded.catalog.IndexRecord;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.error.AkidbException;
import com.akidb.error.NotFoundException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes that were asked for. They are durable at once; those that lie in the database are filled in the background,
 * in pieces between other writes, and go on where they were after a restart. Those over vectors are only remembered here.
 */
public final class DeclaredIndexes {

    private static final Logger log = LoggerFactory.getLogger(DeclaredIndexes.class);

    private static final long STOP_SECONDS = 60;

    private final Writer writer;
    private final ExecutorService background = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("akidb-index-filler").factory());

    public DeclaredIndexes(Writer writer) {
        this.writer = writer;
    }

    /**
     * Makes an index; durable when it returns.
     *
     * @param changed called by the writer's thread when it is durable
     */
    public void create(TableRecord table, IndexDefinition index, Runnable changed) {
        redefine(table, changes -> changes.create(index), changed);
        resume(table);
    }

    /**
     * Drops an index.
     *
     * @param changed called by the writer's thread when it is durable
     * @return whether it was there
     */
    public boolean drop(TableRecord table, String name, Runnable changed) {
        if (table.index(name).isEmpty()) {
            return false;
        }
        redefine(
                table,
                changes -> {
                    Optional<IndexRecord> index = table.index(name);
                    if (index.isPresent()) {
                        changes.drop(index.get());
                    }
                },
                changed);
        return true;
    }

    /**
     * Begins to build an index of the database anew.
     *
     * @throws NotFoundException if there is none of that name
     */
    public void rebuild(TableRecord table, String name) {
        proceed(
                table,
                changes -> changes.beginRebuild(table.index(name)
                        .orElseThrow(() -> new NotFoundException("There is no index '" + name + "'"))));
        resume(table);
    }

    /** The state of a table's indexes that are not over vectors, in the order in which they were made. */
    public List<IndexStatus> status(TableRecord table) {
        return table.indexStatus();
    }

    /** Goes on with the indexes of a table that are being built. */
    public void resume(TableRecord table) {
        for (IndexRecord index : table.indexes()) {
            if (index.isBuilding() && !index.method().isVector()) {
                try {
                    background.execute(() -> build(table, index.number()));
                } catch (RejectedExecutionException e) {
                    log.debug("The index {} is built after the next start", index.name());
                }
            }
        }
    }

    private void build(TableRecord table, int number) {
        try {
            while (!background.isShutdown() && !table.isDropped() && isBuilding(table, number)) {
                proceed(table, changes -> {
                    Optional<IndexRecord> index = table.index(number);
                    if (index.isPresent() && index.get().isBuilding()) {
                        changes.build(index.get());
                    }
                });
            }
        } catch (NotFoundException e) {
            log.debug("The table of an index that was being built is gone", e);
        } catch (AkidbException e) {
            if (!background.isShutdown()) {
                fail(table, number, e);
            }
        }
    }

    private static boolean isBuilding(TableRecord table, int number) {
        return table.index(number).filter(IndexRecord::isBuilding).isPresent();
    }

    private void fail(TableRecord table, int number, AkidbException failure) {
        log.warn("An index of table {} could not be built", table.id(), failure);
        try {
            proceed(table, changes -> {
                Optional<IndexRecord> index = table.index(number);
                if (index.isPresent()) {
                    changes.put(failed(index.get(), failure));
                }
            });
        } catch (AkidbException e) {
            log.warn("The failure of the index could not be recorded; the next start tries again", e);
            remember(table, number, failure);
        }
    }

    private static IndexRecord failed(IndexRecord index, AkidbException failure) {
        return index.withState(IndexRecord.State.FAILED, failure.detail());
    }

    /** Says that an index failed until the next start, where the disk has no room to write it down. */
    private void remember(TableRecord table, int number, AkidbException failure) {
        writer.change(new IndexChange(table, changes -> {}) {
            @Override
            void record(Catalog catalog, long version) {}

            @Override
            public void committed(List<IndexRecord> indexes) {
                table.indexed(indexes.stream()
                        .map(index -> index.number() == number ? failed(index, failure) : index)
                        .toList());
            }
        });
    }

    private interface Steps {
        void run(IndexChanges changes) throws SQLException;
    }

    /** Changes which indexes there are. */
    private void redefine(TableRecord table, Steps steps, Runnable changed) {
        writer.change(new IndexChange(table, steps) {
            @Override
            void record(Catalog catalog, long version) throws SQLException {
                catalog.altered(table, version);
            }

            @Override
            public void committed(List<IndexRecord> indexes) {
                table.altered(table.layout(), indexes, version());
                changed.run();
            }
        });
    }

    /** Changes how far indexes are, which is no change of the table. */
    private void proceed(TableRecord table, Steps steps) {
        writer.change(new IndexChange(table, steps) {
            @Override
            void record(Catalog catalog, long version) throws SQLException {
                catalog.committed(version);
            }

            @Override
            public void committed(List<IndexRecord> indexes) {
                table.indexed(indexes);
            }
        });
    }

    private abstract static class IndexChange implements WriteTask.Change<List<IndexRecord>> {

        private final TableRecord table;
        private final Steps steps;
        private long version;

        IndexChange(TableRecord table, Steps steps) {
            this.table = table;
            this.steps = steps;
        }

        long version() {
            return version;
        }

        abstract void record(Catalog catalog, long version) throws SQLException;

        @Override
        public List<IndexRecord> apply(Catalog catalog, long as) throws SQLException {
            if (table.isDropped()) {
                throw new NotFoundException("The table is gone");
            }
            version = as;
            steps.run(new IndexChanges(catalog, table));
            record(catalog, as);
            return catalog.indexes(table.layout().names());
        }
    }

    /** Stops building; what is left is done after the next start. */
    public void stop() {
        background.shutdown();
        try {
            if (!background.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.warn("An index is still being built while the store closes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
