package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.Generation.VectorColumn;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.graph.VectorGraph;
import com.akidb.engine.embedded.index.snapshot.SnapshotFile;
import com.akidb.engine.embedded.index.snapshot.TableSnapshot;
import com.akidb.engine.embedded.index.vectors.VectorStore;
import com.akidb.error.AkidbException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.collections.LongHashSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The snapshot of one table: whether it can be used, and what goes into it. Failures are logged and cost only time. */
final class Snapshots {

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    private final Path file;
    private final IndexProperties properties;

    Snapshots(Path file, IndexProperties properties) {
        this.file = file;
        this.properties = properties;
    }

    /** The snapshot, if all rows that its graphs know are still there as they were; else empty. */
    Optional<TableSnapshot> load(RowSource source) {
        try {
            return Files.exists(file) ? caughtUp(SnapshotFile.read(file), source) : Optional.empty();
        } catch (IOException | AkidbException e) {
            log.warn("The snapshot {} cannot be used; what it held is built anew", file.getFileName(), e);
            return Optional.empty();
        }
    }

    private static Optional<TableSnapshot> caughtUp(TableSnapshot snapshot, RowSource source) {
        LongHashSet changed = new LongHashSet();
        if (snapshot.version() > source.version() || !source.forEachChangeAfter(snapshot.version(), changed::add)) {
            return Optional.empty();
        }
        for (long rowId : snapshot.rowIds()) {
            if (rowId == TableSnapshot.DEAD || changed.contains(rowId)) {
                // The graph leads through a vector that is gone.
                return Optional.empty();
            }
        }
        return Optional.of(snapshot);
    }

    /** The graph of a column as the snapshot has it; null if it has none for this shape. */
    @Nullable
    VectorGraph graph(TableSnapshot snapshot, VectorColumn column) {
        for (TableSnapshot.Graph saved : snapshot.graphs()) {
            if (saved.column().equals(column.column().name()) && saved.shape().equals(shape(column.store()))) {
                VectorGraph graph =
                        new VectorGraph(column.store(), properties.graphDegree(), properties.graphBuildBeam());
                graph.load(saved.bytes());
                return graph;
            }
        }
        return null;
    }

    /** Writes a snapshot if there is a graph to keep and nobody is adding to it. */
    void write(View view) {
        try {
            List<TableSnapshot.Graph> graphs = new ArrayList<>();
            for (int i = 0; i < view.columns().size(); i++) {
                ColumnView column = view.columns().get(i);
                VectorColumn place = view.generation().columns().get(i);
                byte[] bytes = column.graph() == null ? null : column.graph().save();
                if (bytes != null) {
                    graphs.add(new TableSnapshot.Graph(
                            place.column().name(), shape(place.store()), column.covered(), bytes));
                }
            }
            if (!graphs.isEmpty()) {
                SnapshotFile.write(file, new TableSnapshot(view.version(), rowIds(view), graphs));
            }
        } catch (IOException | RuntimeException e) {
            log.warn("The snapshot {} could not be written; the next start builds anew", file.getFileName(), e);
        }
    }

    private static long[] rowIds(View view) {
        long[] rowIds = new long[view.size()];
        for (int i = 0; i < rowIds.length; i++) {
            rowIds[i] = view.isAlive(i) ? view.generation().rows().rowId(i) : TableSnapshot.DEAD;
        }
        return rowIds;
    }

    private String shape(VectorStore store) {
        return store.dimension() + " " + store.metric().wireName() + " " + properties.graphDegree();
    }
}
