package com.akidb.engine.embedded.write;

import com.akidb.concurrent.Patience;
import com.akidb.engine.Alteration;
import com.akidb.engine.Kept;
import com.akidb.engine.Mutation;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.WriteResult;
import com.akidb.engine.embedded.catalog.Catalog;
import com.akidb.engine.embedded.catalog.DefinitionCheck;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.file.Database;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.file.StorageFailures;
import com.akidb.engine.embedded.sql.Watch;
import com.akidb.engine.embedded.write.GroupCommit.Answer;
import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import com.akidb.query.Predicate;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All changes come through here. One thread writes: it takes the queued tasks and commits them; answers are
 * given by a second thread, so that what follows from them does not hold up the next commit.
 */
public final class Writer {

    private static final Logger log = LoggerFactory.getLogger(Writer.class);

    private static final Duration MOST_TIME_TO_STOP = Duration.ofSeconds(60);

    private final WriteQueue queue;
    private final GroupCommit commits;
    private final ConditionMatches.Finder finder;

    /** For what waits until the rows of its condition are found. */
    private final Executor finding =
            task -> Thread.ofVirtual().name("akidb-match").start(task);

    private final Clock clock;
    private final CommitMeters meters;
    private final DiskSpace space;
    private final ExecutorService answers;
    private final Thread thread;

    private Writer(
            WriteQueue queue,
            GroupCommit commits,
            ConditionMatches.Finder finder,
            Clock clock,
            CommitMeters meters,
            DiskSpace space) {
        this.queue = queue;
        this.commits = commits;
        this.finder = finder;
        this.clock = clock;
        this.meters = meters;
        this.space = space;
        this.answers = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("akidb-answers").factory());
        this.thread = Thread.ofPlatform().daemon().name("akidb-writer").unstarted(this::work);
    }

    /**
     * What a writer may hold.
     *
     * @param queuedWrites most writes that wait, 1 or more
     * @param queuedBytes about the most memory of the writes that wait, in bytes; a write that comes to an empty queue is
     *     taken whatever its size
     * @param loggedChanges deletions and updates of each table that the change log keeps, 1 or more
     * @param walBytes size of the write-ahead log from which it is written back, in bytes
     */
    public record Bounds(int queuedWrites, long queuedBytes, int loggedChanges, long walBytes) {}

    /**
     * Starts the thread.
     *
     * @param statements of the connection that writes, which belongs to this thread from now on
     * @param watch over that connection
     * @param finder of the rows of conditions that take long, called on threads that it may block
     * @param follower told of each commit by the writer's thread
     */
    public static Writer start(
            Statements statements,
            Database database,
            Watch watch,
            ConditionMatches.Finder finder,
            Bounds bounds,
            Clock clock,
            StorageFailures failures,
            CommitFollower follower,
            MeterRegistry registry)
            throws SQLException {
        CommitMeters meters = new CommitMeters(registry);
        WriteQueue queue = new WriteQueue(bounds.queuedWrites(), bounds.queuedBytes());
        DiskSpace space = new DiskSpace(statements, database, bounds.walBytes());
        GroupCommit commits =
                new GroupCommit(statements, watch, bounds.loggedChanges(), clock, failures, follower, meters, space);
        Writer writer = new Writer(queue, commits, finder, clock, meters, space);
        writer.thread.start();
        return writer;
    }

    /**
     * Creates a table; durable when it returns.
     *
     * @param created called by the writer's thread when it is durable and before any write to it
     */
    public TableRecord create(TableDefinition definition, Consumer<TableRecord> created) {
        DefinitionCheck.check(definition);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return change(new WriteTask.Change<>() {
            @Override
            public TableRecord apply(Catalog catalog, long version) throws SQLException {
                if (catalog.isTaken(definition.name())) {
                    throw new ConflictException(
                            ErrorCode.ALREADY_EXISTS, "'" + definition.name() + "' exists already", "name");
                }
                return catalog.insert(UUID.randomUUID(), definition, now, version);
            }

            @Override
            public void committed(TableRecord table) {
                created.accept(table);
            }
        });
    }

    /**
     * Drops a table; durable when it returns.
     *
     * @param dropped called by the writer's thread when it is durable
     * @return whether it was there
     */
    public boolean drop(TableRecord table, Runnable dropped) {
        return change(new WriteTask.Change<>() {
            @Override
            public Boolean apply(Catalog catalog, long version) throws SQLException {
                if (table.isDropped()) {
                    return false;
                }
                catalog.delete(table, version);
                return true;
            }

            @Override
            public void committed(Boolean wasThere) {
                if (wasThere) {
                    table.markDropped();
                    dropped.run();
                }
            }

            @Override
            public boolean isDeletion() {
                return true;
            }
        });
    }

    /**
     * Changes a table's definition; durable when it returns.
     *
     * @param altered called by the writer's thread when it is durable, before any later write to the table
     */
    public void alter(TableRecord table, Alteration alteration, Runnable altered) {
        change(new WriteTask.Change<Alterations.Altered>() {
            @Override
            public Alterations.Altered apply(Catalog catalog, long version) throws SQLException {
                return new Alterations(catalog, table, version).apply(alteration);
            }

            @Override
            public void committed(Alterations.Altered result) {
                table.altered(result.layout(), result.indexes(), result.version());
                altered.run();
            }

            @Override
            public boolean isDeletion() {
                return alteration instanceof Alteration.DropColumn;
            }
        });
    }

    /**
     * A write to one table that is to be queued; see {@link com.akidb.engine.TableMutation}.
     *
     * @param layout of the table in which its names are meant
     */
    public record Wanted(
            TableRecord table,
            TableLayout layout,
            Mutation mutation,
            long columnsVersion,
            @Nullable Predicate within) {}

    /** Queues writes that happen together; see {@link com.akidb.engine.TableEngine#write(List, Kept)}. */
    public CompletableFuture<List<WriteResult>> write(List<Wanted> writes, @Nullable Kept kept) {
        try {
            List<WriteTask.Part> parts = new ArrayList<>(writes.size());
            long weight = 0;
            for (Wanted write : writes) {
                Mutation checked = MutationCheck.check(write.layout(), write.mutation());
                parts.add(new WriteTask.Part(
                        write.table(), write.layout(), checked, write.columnsVersion(), write.within(), null));
                weight += MutationCheck.weigh(checked);
            }
            CompletableFuture<List<WriteResult>> answer = new CompletableFuture<>();
            queue.add(new WriteTask.Rows(parts, kept, weight, answer, Patience.isOver()));
            return answer;
        } catch (OverloadedException e) {
            meters.refused();
            return CompletableFuture.failedFuture(e);
        } catch (AkidbException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Sequence number of the last commit. */
    public long version() {
        return commits.version();
    }

    /** Writes that wait. */
    public int queueDepth() {
        return queue.depth();
    }

    /** How long writes have waited since one was last begun; zero if none waits. */
    public Duration longestWait() {
        return queue.longestWait();
    }

    /** Bytes of pages in the database that hold nothing. */
    public long freeBytes() {
        return space.freeBytes();
    }

    private void work() {
        List<WriteTask> group = next();
        while (!group.isEmpty()) {
            switch (group.getFirst()) {
                case WriteTask.Structure<?> structure -> change(structure);
                case WriteTask.Chore<?> chore -> run(chore);
                case WriteTask.Rows _ ->
                    commit(group.stream().map(WriteTask.Rows.class::cast).toList());
            }
            group = next();
        }
    }

    /** What is to be written next; until it comes, and now and then in between, the database is made smaller. */
    private List<WriteTask> next() {
        while (!queue.isClosed()) {
            if (space.tidy(queue.isIdle())) {
                queue.rest(0);
                continue;
            }
            long due = queue.isIdle() ? space.isDueIn() : 0;
            if (due == 0) {
                break;
            }
            queue.rest(due);
        }
        return queue.take();
    }

    private void commit(List<WriteTask.Rows> group) {
        List<Answer> given;
        try {
            given = commits.commit(group);
        } catch (RuntimeException | Error e) {
            log.error("A group of {} writes failed", group.size(), e);
            InternalException failure = new InternalException("The engine failed", e);
            given = group.stream()
                    .<Answer>map(task -> new Answer.Failed(task, failure))
                    .toList();
        }
        for (Answer answer : given) {
            if (answer instanceof Answer.Failed failed) {
                meters.failed();
                if (failed.failure().getCause() != null) {
                    log.warn(
                            "A write failed: {}",
                            failed.failure().detail(),
                            failed.failure().getCause());
                }
            }
        }
        given.stream().filter(Answer.Slow.class::isInstance).forEach(slow -> match(((Answer.Slow) slow).task()));
        List<Answer> ready = given.stream()
                .filter(answer -> !(answer instanceof Answer.Slow))
                .toList();
        answers.execute(() -> ready.forEach(Answer::give));
    }

    /** Finds the rows of a write's conditions beside the writer, and lines it up again. */
    private void match(WriteTask.Rows task) {
        finding.execute(() -> {
            try {
                List<WriteTask.Part> parts = Patience.during(
                        task::isOver,
                        () -> task.parts().stream().map(this::matched).toList());
                queue.add(new WriteTask.Rows(parts, task.kept(), task.weight(), task.answer(), task.patience()));
            } catch (RuntimeException | Error e) {
                task.answer().completeExceptionally(e);
            }
        });
    }

    private WriteTask.Part matched(WriteTask.Part part) {
        Predicate condition = part.condition();
        if (condition == null) {
            return part;
        }
        TableLayout layout = part.table().layout().inTheNamesOf(part.layout());
        return new WriteTask.Part(
                part.table(),
                part.layout(),
                part.mutation(),
                part.columnsVersion(),
                part.within(),
                finder.find(layout, condition));
    }

    private <T> void settle(CompletableFuture<T> answer, Supplier<T> work) {
        try {
            T result = work.get();
            answers.execute(() -> answer.complete(result));
        } catch (AkidbException e) {
            answers.execute(() -> answer.completeExceptionally(e));
        }
    }

    private <T> void change(WriteTask.Structure<T> structure) {
        settle(structure.answer(), () -> commits.commit(structure));
    }

    private <T> void run(WriteTask.Chore<T> chore) {
        settle(chore.answer(), () -> commits.run(chore));
    }

    /** Lines up a change of the catalog and waits for it. */
    <T> T change(WriteTask.Change<T> change) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        queue.add(new WriteTask.Structure<>(change, answer, Patience.isOver()));
        return await(answer);
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof AkidbException known ? known : new InternalException("The engine failed", e);
        }
    }

    /**
     * Gives all pages that hold nothing back to the file system, some at a time between the writes of others; blocks.
     *
     * @param progress told after each step
     * @param isOver whether the caller has given up
     * @throws ConflictException if the database cannot give pages back while it is open
     * @throws UnavailableException if it was over before the end
     */
    public void compact(Runnable progress, BooleanSupplier isOver) {
        long before = Long.MAX_VALUE;
        for (long free = compactStep(isOver); free > 0 && free < before; free = compactStep(isOver)) {
            progress.run();
            before = free;
        }
        boolean unused = chore(space::cutLog);
        progress.run();
    }

    private long compactStep(BooleanSupplier isOver) {
        if (isOver.getAsBoolean()) {
            throw new UnavailableException("The compaction was ended before it was done");
        }
        long begun = System.nanoTime();
        long free = chore(space::compactStep);
        if (!queue.isIdle()) {
            LockSupport.parkNanos(DiskSpace.REST * (System.nanoTime() - begun));
        }
        return free;
    }

    private <T> T chore(WriteTask.Chore.Work<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        queue.add(new WriteTask.Chore<>(work, answer));
        return await(answer);
    }

    /** Takes no more, and returns when what has queued is done and answered. */
    public void stop() {
        queue.close();
        try {
            boolean done = thread.join(MOST_TIME_TO_STOP);
            answers.shutdown();
            if (!done || !answers.awaitTermination(MOST_TIME_TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
                throw new UnavailableException("The queued writes could not be finished in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted while finishing the queued writes", e);
        }
    }
}
