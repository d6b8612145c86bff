package com.akidb.engine.embedded.index.graph;

import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.snapshot.SectionInput;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import com.akidb.engine.embedded.index.vectors.Sphere;
import com.akidb.vector.Metric;
import io.github.jbellis.jvector.disk.RandomAccessReader;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.OnHeapGraphIndex;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.util.Bits;
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
 * dead ones stay as stepping stones, and are never found, until the graph is saved.
 */
public final class VectorGraph implements SearchStructure {

    private static final float OVERFLOW = 1.2f;
    private static final float ALPHA = 1.2f;

    private final Sphere sphere;
    private final GraphScores scores;
    private final GraphIndexBuilder builder;
    private final ReentrantLock changing = new ReentrantLock();

    /**
     * @param degree neighbours per node
     * @param buildBeam candidates weighed per added node
     */
    public VectorGraph(Sphere sphere, int degree, int buildBeam) {
        this.sphere = sphere;
        this.scores = new GraphScores(sphere);
        this.builder =
                new GraphIndexBuilder(scores, sphere.scores().dimension(), degree, buildBeam, OVERFLOW, ALPHA, true);
    }

    /** What {@link #save} wrote; all its vectors must be what they were. */
    public static VectorGraph load(MetricScores scores, int degree, int buildBeam, SectionInput in) throws IOException {
        VectorGraph graph = new VectorGraph(new Sphere(scores, in.readFloat()), degree, buildBeam);
        graph.builder.load(new SavedGraph(in));
        return graph;
    }

    /** The radius of the sphere and the graph in JVector's form, led around the dead, whose vectors will not be there when it is loaded. */
    @Override
    public boolean save(LiveBits kept, DataOutputStream out) throws IOException {
        if (!changing.tryLock()) {
            return false;
        }
        try {
            if (!(builder.getGraph() instanceof OnHeapGraphIndex graph)) {
                return false;
            }
            for (int node : graph.nodeStream(0).filter(node -> !kept.has(node)).toArray()) {
                builder.markNodeDeleted(node);
            }
            builder.cleanup(); // JVector saves only a graph that was tidied up; nobody adds meanwhile
            out.writeFloat(sphere.radius());
            graph.save(out);
            return true;
        } finally {
            changing.unlock();
        }
    }

    /** Whether a column has a graph by itself: under the inner product scanning codes finds more. */
    public static boolean suits(Metric metric) {
        return metric != Metric.INNER_PRODUCT;
    }

    @Override
    public @Nullable SearchStructure extended(
            LiveBits live, LiveBits members, IntConsumer added, BooleanSupplier stopped) {
        changing.lock();
        try {
            int count = 0;
            for (int ordinal = 0; ordinal < live.size(); ordinal++) {
                if (live.get(ordinal) && !members.has(ordinal)) {
                    if (stopped.getAsBoolean()) {
                        return null;
                    }
                    if (!builder.getGraph().containsNode(ordinal)) {
                        builder.addGraphNode(ordinal, scores.searchProviderFor(ordinal));
                    }
                    added.accept(++count);
                }
            }
            return this;
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void search(float[] query, int effort, Accepted accepted, IntConsumer found) {
        Bits bits = accepted::test;
        try (GraphSearcher searcher = new GraphSearcher(builder.getGraph())) {
            for (SearchResult.NodeScore node :
                    searcher.search(scores.against(query), effort, bits).getNodes()) {
                found.accept(node.node);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int parts() {
        return 0;
    }

    @Override
    public long bytes() {
        return builder.getGraph().ramBytesUsed();
    }

    /** Gives JVector a saved graph, which it reads from the beginning to the end. */
    private record SavedGraph(SectionInput in) implements RandomAccessReader {

        @Override
        public int readInt() throws IOException {
            return in.readInt();
        }

        @Override
        public float readFloat() throws IOException {
            return in.readFloat();
        }

        @Override
        public long readLong() throws IOException {
            return in.readLong();
        }

        @Override
        public void read(int[] into, int offset, int count) throws IOException {
            for (int i = offset; i < offset + count; i++) {
                into[i] = in.readInt();
            }
        }

        @Override
        public void read(float[] into, int offset, int count) throws IOException {
            for (int i = offset; i < offset + count; i++) {
                into[i] = in.readFloat();
            }
        }

        @Override
        public void readFully(long[] into) throws IOException {
            for (int i = 0; i < into.length; i++) {
                into[i] = in.readLong();
            }
        }

        @Override
        public void readFully(byte[] into) {
            throw new UnsupportedOperationException("graphs hold no bytes");
        }

        @Override
        public void readFully(ByteBuffer into) {
            throw new UnsupportedOperationException("graphs hold no bytes");
        }

        @Override
        public void seek(long position) {
            throw new UnsupportedOperationException("graphs are read in their order");
        }

        @Override
        public long getPosition() {
            throw new UnsupportedOperationException("graphs are read in their order");
        }

        @Override
        public long length() {
            return in.remaining();
        }

        @Override
        public void close() {}
    }
}
