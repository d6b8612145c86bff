package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Commit.Kind;
import com.akidb.engine.Commit.TableChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How engines tell of their commits. */
public abstract class CommitContract extends TableEngineContract {

    private final BlockingQueue<Commit> heard = new LinkedBlockingQueue<>();

    /** How long word of a commit may take. */
    protected Duration patience() {
        return Duration.ofSeconds(30);
    }

    /** What was heard up to a commit, tables merged. */
    private Map<UUID, TableChange> heardUpTo(long version) throws InterruptedException {
        Map<UUID, TableChange> tables = new HashMap<>();
        long at = 0;
        while (at < version) {
            Commit commit = heard.poll(patience().toMillis(), TimeUnit.MILLISECONDS);
            assertThat(commit).as("a commit after %d, up to %d", at, version).isNotNull();
            assertThat(commit.version()).isGreaterThan(at);
            at = commit.version();
            commit.tables().forEach(change -> tables.merge(change.table(), change, TableChange::then));
        }
        assertThat(at).isEqualTo(version);
        return tables;
    }

    @Test
    void tellsEveryListenerWhatACommitDidToWhichTables() throws Exception {
        Table notes = engine.create(Fixtures.documents("notes"));
        Table clients = engine.create(Fixtures.documents("clients"));
        put(notes, "a", "text", 1, 0);
        BlockingQueue<Commit> other = new LinkedBlockingQueue<>();
        try (CommitListener.Registration _ = engine.onCommit(heard::add);
                CommitListener.Registration _ = engine.onCommit(other::add)) {
            long version = engine.write(List.of(
                            new TableMutation(
                                    notes.id(),
                                    new Mutation.Insert(
                                            List.of(
                                                    Fixtures.document("a", "other", 1, 0),
                                                    Fixtures.document("b", "new", 1, 0)),
                                            OnConflict.REPLACE)),
                            new TableMutation(
                                    clients.id(),
                                    new Mutation.Insert(
                                            List.of(Fixtures.document("c", "text", 1, 0)), OnConflict.ERROR))))
                    .join()
                    .getFirst()
                    .version();
            assertThat(heardUpTo(version))
                    .containsOnly(
                            Map.entry(notes.id(), new TableChange(notes.id(), Kind.ROWS, 2, 1)),
                            Map.entry(clients.id(), new TableChange(clients.id(), Kind.ROWS, 1, 0)));
            assertThat(other.poll(patience().toMillis(), TimeUnit.MILLISECONDS)).isNotNull();
        }
    }

    @Test
    void tellsOfTablesThatComeChangeAndGo() throws Exception {
        try (CommitListener.Registration _ = engine.onCommit(heard::add)) {
            Table table = engine.create(Fixtures.documents("t"));
            assertThat(heardUpTo(engine.version()))
                    .containsEntry(table.id(), new TableChange(table.id(), Kind.DEFINITION, 0, 0));
            engine.alter(table.id(), new Alteration.AddColumn(Column.of("late", ColumnType.INT, false), null));
            assertThat(heardUpTo(engine.version()))
                    .containsEntry(table.id(), new TableChange(table.id(), Kind.DEFINITION, 0, 0));
            engine.drop(table.id());
            assertThat(heardUpTo(engine.version()))
                    .containsEntry(table.id(), new TableChange(table.id(), Kind.DROPPED, 0, 0));
        }
    }

    @Test
    void letsTheListenerFindWhatItIsToldOf() throws Exception {
        Table table = engine.create(Fixtures.documents("t"));
        List<String> found = Collections.synchronizedList(new ArrayList<>());
        try (CommitListener.Registration _ = engine.onCommit(commit -> {
            found.addAll(nearest(table, 1, 1, 0));
            heard.add(commit);
        })) {
            heardUpTo(put(table, "a", "text", 1, 0).version());
            assertThat(found).containsExactly("a:text");
        }
    }

    @Test
    void waitsForNoListenerAndTellsTheSlowOneOfAllThatItMissedAtOnce() throws Exception {
        Table table = engine.create(Fixtures.documents("t"));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (CommitListener.Registration _ = engine.onCommit(commit -> {
            begun.countDown();
            await(goOn);
            heard.add(commit);
        })) {
            put(table, "first", "text", 1, 0);
            assertThat(begun.await(patience().toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
            for (int i = 0; i < 100; i++) {
                put(table, "k" + i, "text", 1, 0);
            }
            goOn.countDown();
            assertThat(heardUpTo(engine.version()))
                    .containsOnly(Map.entry(table.id(), new TableChange(table.id(), Kind.ROWS, 101, 0)));
        }
    }

    @Test
    void goesOnWhenAListenerFails() throws Exception {
        Table table = engine.create(Fixtures.documents("t"));
        try (CommitListener.Registration _ = engine.onCommit(commit -> {
            heard.add(commit);
            throw new IllegalStateException("meant to fail");
        })) {
            heardUpTo(put(table, "a", "text", 1, 0).version());
            heardUpTo(put(table, "b", "text", 1, 0).version());
        }
        assertThat(nearest(table, 5, 1, 0)).hasSize(2);
    }

    @Test
    void tellsNobodyWhoHasLeft() throws Exception {
        Table table = engine.create(Fixtures.documents("t"));
        List<Commit> left = Collections.synchronizedList(new ArrayList<>());
        AtomicReference<CommitListener.Registration> leaving = new AtomicReference<>();
        CountDownLatch known = new CountDownLatch(1);
        leaving.set(engine.onCommit(commit -> {
            await(known);
            left.add(commit);
            leaving.get().close();
        }));
        known.countDown();
        try (CommitListener.Registration _ = engine.onCommit(heard::add)) {
            assertThat(heardUpTo(put(table, "a", "text", 1, 0).version())).containsKey(table.id());
            leaving.get().close();
            int before = left.size();
            heardUpTo(put(table, "b", "text", 1, 0).version());
            assertThat(left).hasSize(before).hasSizeLessThanOrEqualTo(1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
