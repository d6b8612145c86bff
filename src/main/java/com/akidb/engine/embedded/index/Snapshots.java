package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.View.IndexView;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.snapshot.SnapshotFile;
import com.akidb.engine.embedded.index.snapshot.TableSnapshot;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import com.akidb.error.AkidbException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.collections.LongHashSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The snapshot of one table: whether it can be used, and what goes into it. Failures are logged and cost only time. */
final class Snapshots {

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    private final Path file;
    private final Structures structures;

    Snapshots(Path file, Structures structures) {
        this.file = file;
        this.structures = structures;
    }

    /** The snapshot with the rows that changed since as dead; empty if it cannot be used. */
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
        long[] rowIds = snapshot.rowIds();
        for (int i = 0; i < rowIds.length; i++) {
            if (changed.contains(rowIds[i])) {
                rowIds[i] = TableSnapshot.DEAD;
            }
        }
        return Optional.of(snapshot);
    }

    /** The index with the structure that the snapshot has for it, if there is one. */
    IndexView restore(TableSnapshot snapshot, VectorColumn column, IndexView empty) {
        String shape = structures.shape(empty.state(), column.store().dimension());
        for (TableSnapshot.Structure saved : snapshot.structures()) {
            if (saved.columnId() == column.memory().columnId()
                    && saved.index().equals(empty.state().name())
                    && saved.shape().equals(shape)) {
                return restore(snapshot, saved, column, empty);
            }
        }
        return empty;
    }

    private IndexView restore(
            TableSnapshot snapshot, TableSnapshot.Structure saved, VectorColumn column, IndexView empty) {
        IndexState index = empty.state();
        SearchStructure structure = structures.restore(
                index,
                column.scores(index.metric()),
                saved.bytes(),
                saved.members(),
                kept(snapshot.rowIds(), saved.members()));
        if (structure == null) {
            log.info("What the snapshot {} knows has changed since; the index is built anew", file.getFileName());
            return empty;
        }
        index.built();
        return new IndexView(index, structure, saved.members());
    }

    private static LiveBits kept(long[] rowIds, LiveBits members) {
        LiveBits.Editor kept = new LiveBits.Editor(members);
        for (int ordinal = 0; ordinal < members.size(); ordinal++) {
            if (rowIds[ordinal] == TableSnapshot.DEAD) {
                kept.kill(ordinal);
            }
        }
        return kept.finish();
    }

    /** Writes a snapshot if there is a structure to keep and nobody is adding to one. */
    void write(View view) {
        try {
            List<TableSnapshot.Structure> saved = new ArrayList<>();
            for (int i = 0; i < view.columns().size(); i++) {
                LiveBits live = view.columns().get(i).live();
                for (IndexView index : view.columns().get(i).indexes()) {
                    SearchStructure structure = index.structure();
                    LiveBits kept = index.members().and(live);
                    byte[] bytes = structure == null ? null : structure.save(kept);
                    if (bytes != null) {
                        saved.add(saved(view.generation().columns().get(i), index.state(), kept, bytes));
                    } else if (structure != null) {
                        return;
                    }
                }
            }
            if (!saved.isEmpty()) {
                SnapshotFile.write(file, new TableSnapshot(view.version(), rowIds(view), saved));
            }
        } catch (IOException | RuntimeException e) {
            log.warn("The snapshot {} could not be written; the next start builds anew", file.getFileName(), e);
        }
    }

    private TableSnapshot.Structure saved(VectorColumn column, IndexState index, LiveBits members, byte[] bytes) {
        return new TableSnapshot.Structure(
                column.memory().columnId(),
                index.name(),
                structures.shape(index, column.store().dimension()),
                members,
                bytes);
    }

    private static long[] rowIds(View view) {
        long[] rowIds = new long[view.size()];
        for (int i = 0; i < rowIds.length; i++) {
            rowIds[i] = view.rows().get(i) ? view.generation().rows().rowId(i) : TableSnapshot.DEAD;
        }
        return rowIds;
    }
}
