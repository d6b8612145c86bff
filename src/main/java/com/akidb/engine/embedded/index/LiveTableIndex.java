package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexStatus;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.Generation.VectorColumn;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.BestHits;
import com.akidb.engine.embedded.index.vectors.VectorStore;
import com.akidb.error.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The index of one table: commits come in one after the other, each makes a new {@link View}, searches read the newest. */
final class LiveTableIndex implements TableIndex {

    private final ReentrantLock writing = new ReentrantLock();
    private volatile View view;

    private LiveTableIndex(View view) {
        this.view = view;
    }

    static LiveTableIndex open(TableDefinition definition, RowSource source) {
        Generation generation = new Generation(definition);
        long version = source.version();
        List<LiveBits> live = new ArrayList<>();
        List<LiveBits.Editor> editors = new ArrayList<>();
        for (VectorColumn column : generation.columns) {
            LiveBits.Editor bits = new LiveBits.Editor(LiveBits.EMPTY);
            source.forEachVector(column.position(), (rowId, vector) -> {
                int known = generation.rows.ordinal(rowId);
                int ordinal = known >= 0 ? known : generation.rows.add(rowId);
                column.store().put(ordinal, vector);
                bits.growTo(ordinal + 1);
                bits.revive(ordinal);
            });
            editors.add(bits);
        }
        for (LiveBits.Editor bits : editors) {
            bits.growTo(generation.rows.size());
            live.add(bits.finish());
        }
        return new LiveTableIndex(new View(generation, version, live));
    }

    @Override
    public void apply(long version, List<RowChange> changes) {
        writing.lock();
        try {
            View before = view;
            Generation generation = before.generation();
            int most = Math.addExact(generation.rows.size(), changes.size());
            generation.columns.forEach(column -> column.store().reserve(most));
            List<LiveBits.Editor> live = new ArrayList<>();
            before.live().forEach(bits -> live.add(new LiveBits.Editor(bits)));
            for (RowChange change : changes) {
                int old = generation.rows.remove(change.rowId());
                if (old >= 0) {
                    live.forEach(bits -> bits.kill(old));
                }
                List<@Nullable Object> values = change.values();
                if (values != null) {
                    append(generation, live, change.rowId(), values);
                }
            }
            view = new View(
                    generation,
                    version,
                    live.stream().map(LiveBits.Editor::finish).toList());
        } finally {
            writing.unlock();
        }
    }

    private static void append(
            Generation generation, List<LiveBits.Editor> live, long rowId, List<@Nullable Object> values) {
        int ordinal = generation.rows.add(rowId);
        for (int i = 0; i < generation.columns.size(); i++) {
            VectorColumn column = generation.columns.get(i);
            live.get(i).growTo(ordinal + 1);
            Object vector = values.get(column.position());
            if (vector != null) {
                column.store().put(ordinal, (float[]) vector);
                live.get(i).revive(ordinal);
            }
        }
    }

    @Override
    public Found search(VectorSearch search) {
        long start = System.nanoTime();
        View seen = acquire();
        try {
            int at = indexOf(seen.generation(), search.column());
            VectorStore store = seen.generation().columns.get(at).store();
            LiveBits live = seen.live().get(at);
            BestHits best = new BestHits();
            best.reset(search.k());
            float[] query = store.prepare(search.vector());
            Float threshold = search.threshold();
            float least = threshold == null ? Float.NEGATIVE_INFINITY : threshold;
            for (int ordinal = 0; ordinal < live.size(); ordinal++) {
                if (live.get(ordinal)) {
                    float score = store.score(query, ordinal);
                    if (score >= least && best.admits(score)) {
                        best.offer(score, seen.generation().rows.rowId(ordinal));
                    }
                }
            }
            long[] rowIds = new long[best.size()];
            float[] scores = new float[best.size()];
            best.drain(rowIds, scores);
            SearchExplanation explanation = search.explain()
                    ? new SearchExplanation(
                            "exact",
                            "The table is small",
                            live.alive(),
                            live.alive(),
                            live.alive(),
                            Map.of("scan", (System.nanoTime() - start) / 1_000))
                    : null;
            return new Found(rowIds, scores, explanation);
        } finally {
            seen.generation().release();
        }
    }

    private View acquire() {
        while (true) {
            View seen = view;
            if (seen.generation().acquire()) {
                return seen;
            }
            if (seen == view) {
                throw new UnavailableException("The index is closed");
            }
        }
    }

    private static int indexOf(Generation generation, String column) {
        for (int i = 0; i < generation.columns.size(); i++) {
            if (generation.columns.get(i).column().name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no vector column " + column);
    }

    @Override
    public boolean isQuick(VectorSearch search) {
        return search.filter() == null && view.live().getFirst().alive() < 20_000;
    }

    @Override
    public List<IndexStatus> status() {
        View seen = view;
        List<IndexStatus> statuses = new ArrayList<>();
        for (int i = 0; i < seen.generation().columns.size(); i++) {
            VectorColumn column = seen.generation().columns.get(i);
            LiveBits live = seen.live().get(i);
            long bytes = column.store().bytes()
                    + live.bytes()
                    + seen.generation().rows.bytes();
            statuses.add(new IndexStatus(column.column().name(), "exact", 100, live.alive(), bytes));
        }
        return statuses;
    }

    @Override
    public void snapshot() {}

    @Override
    public void close() {
        writing.lock();
        try {
            view.generation().release();
        } finally {
            writing.unlock();
        }
    }
}
