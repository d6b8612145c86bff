package com.akidb.engine.embedded.index.graph;

import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.VectorStore;
import com.akidb.vector.Metric;
import io.github.jbellis.jvector.disk.ByteBufferReader;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.OnHeapGraphIndex;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.util.Bits;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A graph over the ordinals of a column. One thread, beside searches, adds ordinals in their order and each once; the
 * dead ones stay as stepping stones and are never found. Nothing is ever removed: compaction begins a new graph.
 */
public final class VectorGraph implements AutoCloseable {

    private static final float OVERFLOW = 1.2f;
    private static final float ALPHA = 1.2f;

    private final GraphScores scores;
    private final GraphIndexBuilder builder;
    private final ReentrantLock changing = new ReentrantLock();

    /**
     * @param degree neighbours per node
     * @param buildBeam candidates weighed per added node
     */
    public VectorGraph(VectorStore store, int degree, int buildBeam) {
        this.scores = new GraphScores(store);
        this.builder = new GraphIndexBuilder(scores, store.dimension(), degree, buildBeam, OVERFLOW, ALPHA, true);
    }

    /** Fills an empty graph from what {@link #save} gave. */
    public void load(byte[] bytes) {
        try {
            builder.load(new ByteBufferReader(ByteBuffer.wrap(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The graph in JVector's form; null if it is just being added to. */
    public byte @Nullable [] save() {
        if (!changing.tryLock()) {
            return null;
        }
        try {
            builder.cleanup(); // JVector saves only a graph that was tidied up; nobody adds meanwhile
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            if (builder.getGraph() instanceof OnHeapGraphIndex graph) {
                graph.save(new DataOutputStream(bytes));
                return bytes.toByteArray();
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            changing.unlock();
        }
    }

    /** Whether graphs find the best rows under a metric: the inner product is no distance, and they do not. */
    public static boolean suits(Metric metric) {
        return metric != Metric.INNER_PRODUCT;
    }

    /**
     * Adds what is alive of a range of ordinals.
     *
     * @param progress is told how far it has come
     * @return the ordinal behind the last that was considered
     */
    public int add(LiveBits live, int from, int until, IntConsumer progress, BooleanSupplier stopped) {
        changing.lock();
        try {
            for (int ordinal = from; ordinal < until; ordinal++) {
                if (stopped.getAsBoolean()) {
                    return ordinal;
                }
                if (live.get(ordinal)) {
                    builder.addGraphNode(ordinal, scores.searchProviderFor(ordinal));
                }
                progress.accept(ordinal);
            }
            return until;
        } finally {
            changing.unlock();
        }
    }

    /**
     * The ordinals that look best, best first.
     *
     * @param query prepared for the metric
     * @param live ordinals that may be found
     * @param filter further bits that must be set; null lets all pass
     * @param covered ordinals below it are in the graph
     */
    public int[] search(float[] query, int beam, LiveBits live, long @Nullable [] filter, int covered) {
        Bits accepted = ordinal -> ordinal < covered
                && live.get(ordinal)
                && (filter == null || (filter[ordinal >>> 6] & (1L << ordinal)) != 0);
        try (GraphSearcher searcher = new GraphSearcher(builder.getGraph())) {
            SearchResult.NodeScore[] nodes =
                    searcher.search(scores.against(query), beam, accepted).getNodes();
            int[] ordinals = new int[nodes.length];
            for (int i = 0; i < nodes.length; i++) {
                ordinals[i] = nodes[i].node;
            }
            return ordinals;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long bytes() {
        return builder.getGraph().ramBytesUsed();
    }

    @Override
    public void close() {
        try {
            builder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
