package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.TableChangedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How engines keep notes beside rows, read several tables as of one commit, and know their history. */
public abstract class NoteContract extends TableEngineContract {

    /** Appends a letter to what the note says. */
    private static Note appending(String space, String key, String letter) {
        return new Note(space, key, (before, results) -> {
            String text = before == null ? "" : new String(before, StandardCharsets.UTF_8);
            return (text + letter).getBytes(StandardCharsets.UTF_8);
        });
    }

    private static TableMutation insertion(Table table, String key) {
        return new TableMutation(
                table.id(), new Mutation.Insert(List.of(Fixtures.document(key, "text", 1, 0)), OnConflict.ERROR));
    }

    private List<String> notes(String space) {
        return engine.snapshot(
                List.of(),
                snapshot -> snapshot.notes(space).stream()
                        .map(note -> note.key() + "=" + new String(note.value(), StandardCharsets.UTF_8) + "@"
                                + note.version())
                        .toList());
    }

    @Test
    void changesANoteInTheCommitOfAWrite() {
        Table table = engine.create(Fixtures.documents("notes"));
        List<WriteResult> first = engine.write(List.of(insertion(table, "a")), appending("s", "k", "x"))
                .join();
        assertThat(first.getFirst().version()).isEqualTo(engine.version());
        assertThat(notes("s")).containsExactly("k=x@" + engine.version());
        engine.write(List.of(insertion(table, "b")), appending("s", "k", "y")).join();
        long second = engine.version();
        engine.write(List.of(insertion(table, "c")), appending("s", "j", "z")).join();
        reopen();
        assertThat(notes("s")).containsExactly("j=z@" + engine.version(), "k=xy@" + second);
        assertThat(notes("other")).isEmpty();
    }

    @Test
    void changesANoteByACommitOfItsOwn() {
        Table table = engine.create(Fixtures.documents("notes"));
        long before = engine.version();
        assertThat(engine.write(List.of(), appending("s", "k", "x")).join()).isEmpty();
        assertThat(engine.version()).isEqualTo(before + 1);
        TableMutation nothing = new TableMutation(table.id(), new Mutation.Delete(RowSelection.keys("none")));
        WriteResult result = engine.write(nothing, appending("s", "k", "y")).join();
        assertThat(result.version()).isEqualTo(before + 2);
        reopen();
        assertThat(engine.version()).isEqualTo(before + 2);
        assertThat(notes("s")).containsExactly("k=xy@" + (before + 2));
    }

    @Test
    void keepsTheNoteAsItWasWhenTheWriteFailsOrTheNoteRefuses() {
        Table table = engine.create(Fixtures.documents("notes"));
        engine.write(List.of(insertion(table, "a")), appending("s", "k", "x")).join();
        long version = engine.version();
        assertThat(engine.write(List.of(insertion(table, "a")), appending("s", "k", "y")))
                .failsWithin(java.time.Duration.ofSeconds(30));
        Note refusing = new Note("s", "k", (before, results) -> {
            throw new ConflictException(ErrorCode.CONFLICT, "No");
        });
        assertThat(engine.write(List.of(insertion(table, "b")), refusing))
                .failsWithin(java.time.Duration.ofSeconds(30));
        assertThat(notes("s")).containsExactly("k=x@" + version);
        assertThat(engine.reader(table.id()).get("b", false)).isEmpty();
    }

    @Test
    void handsEachChangeOfANoteWhatTheOneBeforeLeft() {
        Table table = engine.create(Fixtures.documents("notes"));
        CompletableFuture<?>[] writes = new CompletableFuture<?>[50];
        for (int i = 0; i < writes.length; i++) {
            writes[i] = engine.write(List.of(insertion(table, "k" + i)), appending("s", "k", "x"));
        }
        CompletableFuture.allOf(writes).join();
        assertThat(notes("s").getFirst()).startsWith("k=" + "x".repeat(50) + "@");
    }

    @Test
    void writesARowOnlyIfThatCommitWroteItLast() {
        Table table = engine.create(Fixtures.documents("notes"));
        long first = put(table, "a", "one", 1, 0).version();
        Mutation changed = new Mutation.Update(new RowSelection.AsOf("a", first), Map.of("text", "two"));
        assertThat(Fixtures.done(engine.write(table.id(), changed)).updated()).isOne();
        assertThat(Fixtures.done(engine.write(table.id(), changed)).updated()).isZero();
        Mutation gone = new Mutation.Delete(new RowSelection.AsOf("a", first));
        assertThat(Fixtures.done(engine.write(table.id(), gone)).deleted()).isZero();
        Mutation nowGone = new Mutation.Delete(new RowSelection.AsOf("a", engine.version()));
        assertThat(Fixtures.done(engine.write(table.id(), nowGone)).deleted()).isOne();
        assertThat(Fixtures.done(engine.write(table.id(), nowGone)).deleted()).isZero();
    }

    @Test
    void readsSeveralTablesAsOfOneCommit() throws InterruptedException {
        Table one = engine.create(Fixtures.documents("one"));
        Table two = engine.create(Fixtures.documents("two"));
        Thread writer = Thread.ofPlatform().name("writes-both").start(() -> {
            for (int i = 0; i < 200; i++) {
                engine.write(List.of(insertion(one, "k" + i), insertion(two, "k" + i)), appending("s", "k", "x"))
                        .join();
            }
        });
        RowQuery all = new RowQuery(null, List.of(), null, 0, 1_000, Long.MAX_VALUE, false);
        boolean over = false;
        while (!over) {
            over = !writer.isAlive();
            List<Integer> sizes = engine.snapshot(
                    List.of(one, two),
                    snapshot -> List.of(
                            snapshot.query(one, all).rows().size(),
                            snapshot.query(two, all).rows().size(),
                            snapshot.notes("s").stream()
                                    .mapToInt(note -> note.value().length)
                                    .sum(),
                            ((Changes.Page) snapshot.changes(one, Changes.Place.after(one.version()), 1_000, false))
                                    .changes()
                                    .size()));
            assertThat(sizes).allMatch(size -> size.equals(sizes.getFirst()));
        }
        writer.join();
    }

    @Test
    void goesOnBehindWhatASnapshotShows() {
        Table table = engine.create(Fixtures.documents("notes"));
        put(table, "a", "one", 1, 0);
        Changes.Place place = engine.snapshot(List.of(table), snapshot -> {
            assertThat(snapshot.version()).isEqualTo(engine.version());
            return snapshot.now(table);
        });
        put(table, "b", "two", 1, 0);
        Changes changes = engine.reader(table.id()).changes(place, 10, false);
        assertThat(((Changes.Page) changes).changes())
                .extracting(Changes.Change::key)
                .containsExactly("b");
    }

    @Test
    void readsNoSnapshotOfATableWhoseColumnsAreOthers() {
        Table table = engine.create(Fixtures.documents("notes"));
        engine.alter(table.id(), new Alteration.AddColumn(Column.of("more", ColumnType.INT, false), null));
        assertThatThrownBy(() -> engine.snapshot(List.of(table), Snapshot::version))
                .isInstanceOf(TableChangedException.class);
    }

    @Test
    void knowsItsHistoryAcrossStarts() {
        engine.create(Fixtures.documents("notes"));
        String first = engine.history();
        long atStop = engine.version();
        assertThat(engine.includes(first, atStop + 7)).isTrue();
        reopen();
        assertThat(engine.history()).isNotEqualTo(first);
        engine.create(Fixtures.documents("more"));
        assertThat(engine.includes(first, atStop)).isTrue();
        assertThat(engine.includes(first, atStop + 1)).isFalse();
        assertThat(engine.includes(engine.history(), engine.version())).isTrue();
        assertThat(engine.includes("another", 0)).isFalse();
    }
}
