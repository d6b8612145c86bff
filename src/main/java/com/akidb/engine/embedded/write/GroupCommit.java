package com.akidb.engine.embedded.write;

import com.akidb.engine.Kept;
import com.akidb.engine.Note;
import com.akidb.engine.Once;
import com.akidb.engine.WriteResult;
import com.akidb.engine.embedded.catalog.Catalog;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.file.StorageFailures;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.engine.embedded.sql.Watch;
import com.akidb.engine.embedded.write.CommitFollower.TableChanges;
import com.akidb.engine.embedded.write.MutationApplier.CommitMark;
import com.akidb.error.AkidbException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits groups of writes. Each write of a group succeeds or fails on its own: it runs in a savepoint, and when the
 * storage fails under the group, each is tried again by itself. For the writer's thread only.
 */
final class GroupCommit {

    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    /** A write with a condition that takes longer, the rest of the write included, has it looked at beside the writer. */
    private static final Duration QUICK = Duration.ofMillis(10);

    private final Statements statements;
    private final Watch watch;
    private final Catalog catalog;
    private final Clock clock;
    private final ChangeLog changeLog;
    private final Receipts receipts;
    private final Notes notes;
    private final StorageFailures failures;
    private final CommitFollower follower;
    private final CommitMeters meters;
    private final DiskSpace space;
    private volatile long version;

    /** Whether the write that was applied last was ended because its condition takes long. */
    private boolean tooSlow;

    GroupCommit(
            Statements statements,
            Watch watch,
            int changeLogRows,
            Clock clock,
            StorageFailures failures,
            CommitFollower follower,
            CommitMeters meters,
            DiskSpace space)
            throws SQLException {
        this.statements = statements;
        this.watch = watch;
        this.catalog = new Catalog(statements);
        this.clock = clock;
        this.changeLog = new ChangeLog(statements, changeLogRows);
        this.receipts = new Receipts(statements);
        this.notes = new Notes(statements);
        this.failures = failures;
        this.follower = follower;
        this.meters = meters;
        this.space = space;
        this.version = catalog.version();
    }

    /** Sequence number of the last commit; for any thread. */
    long version() {
        return version;
    }

    /** Commits the writes; answers come from what it returns. */
    List<Answer> commit(List<WriteTask.Rows> tasks) {
        Group group = null;
        try {
            group = tryCommit(tasks);
        } catch (SQLException | RuntimeException | Error e) {
            rollback();
            if (tasks.size() == 1) {
                WriteTask.Rows task = tasks.getFirst();
                return releasedFor(task.isDeletion(), e)
                        ? withReserve(() -> commit(tasks))
                        : List.of(ofFailed(task, e));
            }
        }
        if (group != null) {
            // Durable from here on: what fails now must not be taken for a failed write and tried again.
            publish(group.drafts(), group.mark());
            space.committed();
            return group.answers();
        }
        List<Answer> answers = new ArrayList<>();
        for (WriteTask.Rows task : tasks) {
            answers.addAll(commit(List.of(task)));
        }
        return answers;
    }

    /** What becomes of a write that was rolled back by itself. */
    private Answer ofFailed(WriteTask.Rows task, Throwable failure) {
        if (task.isOver()) {
            return new Answer.Failed(task, late());
        }
        return tooSlow ? new Answer.Slow(task) : new Answer.Failed(task, failures.translate(failure));
    }

    private static DeadlineExceededException late() {
        return new DeadlineExceededException(
                "The write was cancelled and nothing of it was kept: its time is up, or its client has gone."
                        + " X-Request-Timeout or a gRPC deadline gives it more");
    }

    private Group tryCommit(List<WriteTask.Rows> tasks) throws SQLException {
        long start = System.nanoTime();
        long next = version + 1;
        List<Answer> answers = new ArrayList<>(tasks.size());
        Map<TableRecord, TableDraft> drafts = new LinkedHashMap<>();
        statements.run("BEGIN IMMEDIATE");
        CommitMark mark = new CommitMark(next, ColumnValues.micros(clock.instant()));
        for (WriteTask.Rows task : tasks) {
            answers.add(apply(task, mark, drafts, tasks.size() > 1));
        }
        if (drafts.isEmpty()) {
            // What changed nothing is to change nothing when it is repeated, either.
            return keepAlone(answers, mark, drafts);
        }
        for (Map.Entry<TableRecord, TableDraft> entry : drafts.entrySet()) {
            changeLog.prune(entry.getKey(), entry.getValue());
            catalog.advance(entry.getKey(), entry.getValue().progress(next));
        }
        statements.run("COMMIT");
        version = next;
        observe(tasks.size(), drafts, System.nanoTime() - start);
        return new Group(answers, mark, drafts);
    }

    /** Commits what is kept of writes that changed no rows: receipts count for the commit before, notes are one. */
    private Group keepAlone(List<Answer> answers, CommitMark mark, Map<TableRecord, TableDraft> drafts)
            throws SQLException {
        List<Kept> kept = answers.stream()
                .filter(Answer.Done.class::isInstance)
                .map(answer -> ((Answer.Done) answer).task().kept())
                .filter(Objects::nonNull)
                .toList();
        boolean noted = kept.stream().anyMatch(Note.class::isInstance);
        if (noted) {
            catalog.committed(mark.version());
        }
        statements.run(kept.isEmpty() ? "ROLLBACK" : "COMMIT");
        if (noted) {
            version = mark.version();
        }
        return new Group(answers, mark, drafts);
    }

    private Answer apply(WriteTask.Rows task, CommitMark mark, Map<TableRecord, TableDraft> drafts, boolean savepoint)
            throws SQLException {
        if (savepoint) {
            statements.run("SAVEPOINT one_write");
        }
        List<WriteEffect> effects = new ArrayList<>(task.parts().size());
        List<WriteResult> results;
        long start = System.nanoTime();
        boolean bounded = task.isToBeMatched();
        tooSlow = false;
        try {
            if (task.isOver()) {
                throw late();
            }
            watch.begin(() -> {
                tooSlow = bounded && System.nanoTime() - start > QUICK.toNanos();
                return tooSlow || task.isOver();
            });
            for (WriteTask.Part part : task.parts()) {
                if (part.table().isDropped()) {
                    throw new NotFoundException("The table is gone");
                }
                effects.add(new MutationApplier(statements, part, mark).apply());
            }
            boolean unchanged =
                    !(task.kept() instanceof Note) && effects.stream().allMatch(WriteEffect::isEmpty);
            long as = unchanged ? version : mark.version();
            results = effects.stream().map(effect -> effect.result(as)).toList();
            switch (task.kept()) {
                case Once once -> receipts.keep(once, once.answer().apply(results), mark.micros());
                case Note note -> notes.change(note, results, mark);
                case null -> {}
            }
        } catch (AkidbException e) {
            watch.end();
            if (!savepoint) {
                throw e;
            }
            statements.run("ROLLBACK TO one_write");
            statements.run("RELEASE one_write");
            return new Answer.Failed(task, e);
        }
        watch.end();
        if (savepoint) {
            statements.run("RELEASE one_write");
        }
        for (int i = 0; i < effects.size(); i++) {
            if (!effects.get(i).isEmpty()) {
                drafts.computeIfAbsent(task.parts().get(i).table(), TableDraft::new)
                        .add(effects.get(i));
            }
        }
        return new Answer.Done(task, results);
    }

    private void publish(Map<TableRecord, TableDraft> drafts, CommitMark mark) {
        if (drafts.isEmpty()) {
            return;
        }
        List<TableChanges> tables = new ArrayList<>(drafts.size());
        drafts.forEach((table, draft) -> {
            table.committed(draft.progress(version));
            tables.add(new TableChanges(table, draft.changes()));
        });
        follower.committed(mark.version(), ColumnValues.instant(mark.micros()), tables);
    }

    private void observe(int writes, Map<TableRecord, TableDraft> drafts, long nanos) {
        long written = 0;
        long deleted = 0;
        for (TableDraft draft : drafts.values()) {
            for (RowChange change : draft.changes()) {
                if (change.values() == null) {
                    deleted++;
                } else {
                    written++;
                }
            }
        }
        meters.committed(writes, written, deleted, nanos);
    }

    /** Does what is no commit. */
    <T> T run(WriteTask.Chore<T> chore) {
        try {
            return chore.work().run();
        } catch (SQLException | RuntimeException | Error e) {
            statements.afterFailure();
            throw failures.translate(e);
        }
    }

    /** Commits a change of the catalog by itself. */
    <T> T commit(WriteTask.Structure<T> task) {
        WriteTask.Change<T> change = task.change();
        T result;
        try {
            if (task.isOver()) {
                throw late();
            }
            long next = version + 1;
            statements.run("BEGIN IMMEDIATE");
            watch.begin(task::isOver);
            result = change.apply(catalog, next);
            watch.end();
            statements.run("COMMIT");
            version = next;
        } catch (SQLException | RuntimeException | Error e) {
            rollback();
            if (releasedFor(change.isDeletion(), e)) {
                return withReserve(() -> commit(task));
            }
            throw e instanceof SQLException && task.isOver() ? late() : failures.translate(e);
        }
        try {
            // Durable from here on: nothing is rolled back any more.
            change.committed(result);
            space.committed();
        } catch (RuntimeException | Error e) {
            throw failures.translate(e);
        }
        return result;
    }

    /** Whether the reserve was given up for a deletion that the full disk has no room for; not while it is given up. */
    private boolean releasedFor(boolean isDeletion, Throwable failure) {
        return isDeletion && failures.translate(failure).code() == ErrorCode.STORAGE_FULL && space.release();
    }

    private <T> T withReserve(Supplier<T> deletion) {
        try {
            return deletion.get();
        } finally {
            space.recover();
        }
    }

    /** Ends the transaction if SQLite has not ended it already. */
    private void rollback() {
        watch.end();
        statements.afterFailure();
        try {
            statements.run("ROLLBACK");
        } catch (SQLException alreadyEnded) {
            statements.afterFailure(); // Else the next write that changes nothing would find a closed statement.
            log.debug("Nothing to roll back: the failure ended the transaction", alreadyEnded);
        }
    }

    /** A group that is durable, and what it changed in each table. */
    private record Group(List<Answer> answers, CommitMark mark, Map<TableRecord, TableDraft> drafts) {}

    /** What becomes of a write. */
    sealed interface Answer {

        /** Tells the one who waits. */
        void give();

        /** It is durable. */
        record Done(WriteTask.Rows task, List<WriteResult> results) implements Answer {
            @Override
            public void give() {
                task.answer().complete(results);
            }
        }

        /** Nothing of it happened, since its condition takes long: it has to come again with the rows that match. */
        record Slow(WriteTask.Rows task) implements Answer {
            @Override
            public void give() {
                throw new IllegalStateException("The write is not over");
            }
        }

        /** Nothing of it happened. */
        record Failed(WriteTask.Rows task, AkidbException failure) implements Answer {
            @Override
            public void give() {
                task.answer().completeExceptionally(failure);
            }
        }
    }
}
