package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.View.IndexView;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.snapshot.SnapshotWriter;
import com.akidb.engine.embedded.index.snapshot.TableSnapshot;
import com.akidb.engine.embedded.index.snapshot.TableSnapshot.Description;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import com.akidb.error.AkidbException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.agrona.collections.LongHashSet;
import org.jspecify.annotations.Nullable;
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

    /** The snapshot with the rows that changed since as dead, which the caller closes; empty if it cannot be used. */
    Optional<TableSnapshot> open(RowSource source) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        TableSnapshot snapshot = null;
        boolean usable = false;
        try {
            snapshot = TableSnapshot.open(file);
            usable = catchUp(snapshot, source);
        } catch (IOException | AkidbException e) {
            log.warn("The snapshot {} cannot be used; what it held is built anew", file.getFileName(), e);
        } finally {
            if (!usable) {
                close(snapshot);
            }
        }
        return usable ? Optional.ofNullable(snapshot) : Optional.empty();
    }

    private static boolean catchUp(TableSnapshot snapshot, RowSource source) {
        LongHashSet changed = new LongHashSet();
        if (snapshot.version() > source.version() || !source.forEachChangeAfter(snapshot.version(), changed::add)) {
            return false;
        }
        snapshot.forget(changed::contains);
        return true;
    }

    void close(@Nullable TableSnapshot snapshot) {
        try {
            if (snapshot != null) {
                snapshot.close();
            }
        } catch (IOException e) {
            log.warn("The snapshot {} could not be closed", file.getFileName(), e);
        }
    }

    /** The index with the structure that the snapshot has for it, if there is one. */
    IndexView restore(TableSnapshot snapshot, VectorColumn column, IndexView empty) {
        Description wanted = description(column, empty.state(), LiveBits.EMPTY);
        for (TableSnapshot.Structure saved : snapshot.structures()) {
            Description found = saved.description();
            if (found.columnId() == wanted.columnId()
                    && found.index().equals(wanted.index())
                    && found.shape().equals(wanted.shape())) {
                return restore(snapshot, saved, column, empty);
            }
        }
        return empty;
    }

    private IndexView restore(
            TableSnapshot snapshot, TableSnapshot.Structure saved, VectorColumn column, IndexView empty) {
        IndexState index = empty.state();
        LiveBits members = saved.description().members();
        try {
            SearchStructure structure = structures.restore(
                    index,
                    column.scores(index.metric()),
                    snapshot.read(saved),
                    members,
                    kept(snapshot.rowIds(), members));
            if (structure == null) {
                log.info("What the snapshot {} knows has changed since; the index is built anew", file.getFileName());
                return empty;
            }
            index.built();
            return new IndexView(index, structure, members);
        } catch (IOException | RuntimeException e) {
            log.warn("An index in the snapshot {} cannot be used; it is built anew", file.getFileName(), e);
            return empty;
        }
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

    /** Writes a snapshot if there is a structure to keep and none is being added to. */
    void write(View view) {
        boolean any = view.columns().stream()
                .flatMap(column -> column.indexes().stream())
                .anyMatch(index -> index.structure() != null);
        try {
            if (any && !SnapshotWriter.write(file, writer -> writeTo(writer, view))) {
                log.debug("No snapshot {} this time: an index is being added to", file.getFileName());
            }
        } catch (IOException | RuntimeException e) {
            log.warn("The snapshot {} could not be written; the next start builds anew", file.getFileName(), e);
        }
    }

    private boolean writeTo(SnapshotWriter writer, View view) throws IOException {
        writer.ordinals(
                view.version(),
                view.size(),
                ordinal -> view.rows().get(ordinal) ? view.generation().rows().rowId(ordinal) : TableSnapshot.DEAD);
        for (int i = 0; i < view.columns().size(); i++) {
            VectorColumn column = view.generation().columns().get(i);
            LiveBits live = view.columns().get(i).live();
            for (IndexView index : view.columns().get(i).indexes()) {
                SearchStructure structure = index.structure();
                LiveBits kept = index.members().and(live);
                if (structure != null
                        && !writer.structure(
                                description(column, index.state(), kept), out -> structure.save(kept, out))) {
                    return false;
                }
            }
        }
        return true;
    }

    private Description description(VectorColumn column, IndexState index, LiveBits members) {
        return new Description(
                column.memory().columnId(),
                index.name(),
                structures.shape(index, column.store().dimension()),
                members);
    }
}
