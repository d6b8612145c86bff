package com.akidb.sync;

import com.akidb.engine.Commit;
import com.akidb.engine.CommitListener;
import com.akidb.engine.TableEngine;
import com.akidb.table.TableSchema;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients that there is something to pull: which tables commits touched, and nothing of what is in them. What a client has
 * not been told yet is merged, so that a slow one costs no more than its tables. Safe for many threads.
 */
public final class Pokes implements AutoCloseable {

    private final CommitListener.Registration commits;
    private final Map<UUID, Set<Watch>> watches = new ConcurrentHashMap<>();

    public Pokes(TableEngine engine) {
        commits = engine.onCommit(this::committed);
    }

    /**
     * What there is to pull.
     *
     * @param tables names, in order
     * @param version the last commit that touched one of them
     */
    public record Poke(List<String> tables, long version) {}

    /** Watches tables until it is closed; there is something to pull at once, for nobody knows what was before. */
    public final class Watch implements AutoCloseable {

        private final Map<UUID, String> names = new LinkedHashMap<>();
        private final Runnable news;
        private final Set<String> untold = new TreeSet<>();
        private long version;

        private Watch(Collection<TableSchema> tables, Runnable news) {
            tables.forEach(table -> names.put(table.id(), table.name()));
            this.news = news;
            untold.addAll(names.values());
            tables.forEach(table -> version = Math.max(version, table.table().version()));
        }

        private void note(UUID table, long commit) {
            boolean first;
            synchronized (untold) {
                first = untold.isEmpty();
                untold.add(names.getOrDefault(table, ""));
                version = commit;
            }
            if (first) {
                news.run();
            }
        }

        /** What is to be told now; null if that is nothing. */
        public @Nullable Poke take() {
            synchronized (untold) {
                if (untold.isEmpty()) {
                    return null;
                }
                Poke poke = new Poke(List.copyOf(untold), version);
                untold.clear();
                return poke;
            }
        }

        /** Whether there is something to be told. */
        public boolean hasNews() {
            synchronized (untold) {
                return !untold.isEmpty();
            }
        }

        @Override
        public void close() {
            for (UUID table : names.keySet()) {
                watches.computeIfPresent(table, (_, all) -> {
                    all.remove(this);
                    return all.isEmpty() ? null : all;
                });
            }
        }
    }

    /**
     * Watches tables.
     *
     * @param news called on a thread of the engine's when there is something to take after there was nothing; must be quick
     */
    public Watch watch(Collection<TableSchema> tables, Runnable news) {
        Watch watch = new Watch(tables, news);
        for (UUID table : watch.names.keySet()) {
            watches.compute(table, (_, all) -> {
                Set<Watch> known = all == null ? ConcurrentHashMap.newKeySet() : all;
                known.add(watch);
                return known;
            });
        }
        return watch;
    }

    private void committed(Commit commit) {
        for (Commit.TableChange change : commit.tables()) {
            watches.getOrDefault(change.table(), Set.of())
                    .forEach(watch -> watch.note(change.table(), commit.version()));
        }
    }

    @Override
    public void close() {
        commits.close();
    }
}
