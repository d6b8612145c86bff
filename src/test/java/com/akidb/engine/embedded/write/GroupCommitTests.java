package com.akidb.engine.embedded.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Alteration;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.engine.WriteResult;
import com.akidb.engine.embedded.catalog.Catalog;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.file.Database;
import com.akidb.engine.embedded.file.DatabaseFile;
import com.akidb.engine.embedded.file.Readers;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.file.StorageFailures;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.engine.embedded.read.StoredRowSource;
import com.akidb.engine.embedded.read.StoredRows;
import com.akidb.engine.embedded.sql.WatchedConnection;
import com.akidb.engine.embedded.write.GroupCommit.Answer;
import com.akidb.error.AkidbException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.ErrorCode;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTests {

    private static final int CHANGES_KEPT = 20;

    @TempDir
    Path directory;

    private final List<RowChange> heard = new ArrayList<>();
    private final List<Long> commits = new ArrayList<>();
    private Database database;
    private WatchedConnection connection;
    private GroupCommit commit;
    private TableRecord table;

    @BeforeEach
    void open() throws SQLException {
        database = new Database(directory.resolve("test.db"));
        StorageFailures failures = new StorageFailures(directory);
        connection = DatabaseFile.open(database, 1 << 20, failures, Clock.systemUTC());
        Statements statements = new Statements(connection.connection());
        commit = new GroupCommit(
                statements,
                connection.watch(),
                CHANGES_KEPT,
                Clock.systemUTC(),
                failures,
                this::heard,
                new CommitMeters(new SimpleMeterRegistry()),
                new DiskSpace(statements, database, 1 << 20));
        table = commit.commit(structure(new WriteTask.Change<>() {
            @Override
            public TableRecord apply(Catalog catalog, long version) throws SQLException {
                return catalog.insert(UUID.randomUUID(), Fixtures.documents("t"), Instant.EPOCH, version);
            }

            @Override
            public void committed(TableRecord result) {}
        }));
    }

    private static <T> WriteTask.Structure<T> structure(WriteTask.Change<T> change) {
        return new WriteTask.Structure<>(change, new CompletableFuture<>(), () -> false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void heard(long version, Instant time, List<CommitFollower.TableChanges> tables) {
        assertThat(tables).extracting(CommitFollower.TableChanges::table).containsExactly(table);
        commits.add(version);
        heard.addAll(tables.getFirst().changes());
    }

    @Test
    void givesTheWritesOfAGroupOneCommit() throws SQLException {
        List<Object> answers = commit(insert("a"), insert("b"), delete("a"));
        assertThat(answers)
                .containsExactly(
                        new WriteResult(1, 0, 0, 0, 0, 2),
                        new WriteResult(1, 0, 0, 0, 0, 2),
                        new WriteResult(0, 0, 0, 0, 1, 2));
        assertThat(commits).containsExactly(2L);
        assertThat(heard).extracting(RowChange::rowId).containsExactly(2L);
        assertThat(keys()).containsExactly("b");
    }

    @Test
    void leavesTheOthersOfItsGroupAloneWhenAWriteFails() throws SQLException {
        commit(insert("taken"));
        Mutation halfGood = new Mutation.Insert(
                List.of(Fixtures.document("good", "x", 1, 0), Fixtures.document("taken", "x", 1, 0)), OnConflict.ERROR);
        List<Object> answers = commit(insert("before"), halfGood, insert("after"));
        assertThat(answers.get(0)).isInstanceOf(WriteResult.class);
        assertThat(answers.get(1)).isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(answers.get(2)).isInstanceOf(WriteResult.class);
        assertThat(keys()).containsExactly("taken", "before", "after");
        assertThat(table.state().rowCount()).isEqualTo(3);
        assertThat(heard).hasSize(3);
    }

    @Test
    void goesOnAfterAFailureThatEndedTheTransaction() throws SQLException {
        commit(insert("a"));
        Connection writing = connection.connection();
        long pages = Database.number(writing, "PRAGMA page_count");
        Database.execute(writing, "PRAGMA max_page_count=" + pages);
        String large = "x".repeat(1 << 20);
        Mutation tooMuch = new Mutation.Insert(List.of(Fixtures.document("large", large, 1, 0)), OnConflict.ERROR);
        assertThat(commit(tooMuch)).containsExactly(ErrorCode.STORAGE_FULL);

        long before = commit.version();
        assertThat(commit(delete("nobody"))).containsExactly(new WriteResult(0, 0, 0, 0, 0, before));

        Database.execute(writing, "PRAGMA max_page_count=" + 1_000_000);
        assertThat(commit(tooMuch)).containsExactly(new WriteResult(1, 0, 0, 0, 0, before + 1));
        assertThat(keys()).containsExactly("a", "large");
    }

    @Test
    void makesNoCommitWhenNothingChanges() {
        commit(insert("a"));
        long before = commit.version();
        assertThat(commit(delete("nobody"), ignore("a")))
                .containsExactly(new WriteResult(0, 0, 0, 0, 0, before), new WriteResult(0, 0, 1, 0, 0, before));
        assertThat(commit.version()).isEqualTo(before);
        assertThat(commits).hasSize(1);
    }

    @Test
    void tellsTheIndexEachRowOnceAsTheCommitLeavesIt() {
        commit(insert("a"));
        heard.clear();
        commit(insert("a"), insert("a"), insert("b"), delete("b"));
        assertThat(heard).extracting(RowChange::rowId).containsExactly(1L, 3L);
        assertThat(heard).extracting(change -> change.values() == null).containsExactly(true, false);
    }

    @Test
    void failsOnlyTheWriteThatDoesNotFitWhenTheStorageIsFull() throws SQLException {
        commit(insert("a"));
        limitPages(20);
        Mutation large = new Mutation.Insert(
                List.of(
                        Fixtures.document("small part", "x", 1, 0),
                        Fixtures.document("large part", "x".repeat(1_000_000), 1, 0)),
                OnConflict.REPLACE);
        List<Object> answers = commit(insert("b"), large, insert("c"));
        assertThat(answers.get(0)).isInstanceOf(WriteResult.class);
        assertThat(answers.get(1)).isEqualTo(ErrorCode.STORAGE_FULL);
        assertThat(answers.get(2)).isInstanceOf(WriteResult.class);
        assertThat(keys()).containsExactly("a", "b", "c");
        assertThat(heard).hasSize(3);

        limitPages(100_000);
        assertThat(commit(large).getFirst()).isInstanceOf(WriteResult.class);
        assertThat(keys()).containsExactly("a", "b", "c", "small part", "large part");
        assertThat(table.state().rowCount()).isEqualTo(5);
    }

    @Test
    void refusesWritesToATableThatWasDroppedMeanwhile() {
        table.markDropped();
        assertThat(commit(insert("a"))).containsExactly(ErrorCode.NOT_FOUND);
    }

    @Test
    void refusesAWriteThatWaitedWhileTheColumnsItWasMadeForChanged() {
        commit(insert("a"));
        WriteTask.Rows fitting = task(insert("b"), Table.ANY_COLUMNS);
        WriteTask.Rows strict = task(insert("c"), table.state().columnsVersion());
        TableLayout before = table.layout();
        alter(new Alteration.AddColumn(Column.of("late", ColumnType.INT, false), null));
        assertThat(table.layout()).isNotSameAs(before);
        commit.commit(List.of(strict, fitting)).forEach(Answer::give);
        assertThat(fitting.answer().join().getFirst().inserted()).isEqualTo(1);
        assertThat(((AkidbException) strict.answer().exceptionNow()).code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(table.state().rowCount()).isEqualTo(2);
    }

    private void alter(Alteration alteration) {
        commit.commit(structure(new WriteTask.Change<Alterations.Altered>() {
            @Override
            public Alterations.Altered apply(Catalog catalog, long version) throws SQLException {
                return new Alterations(catalog, table, version).apply(alteration);
            }

            @Override
            public void committed(Alterations.Altered result) {
                table.altered(result.layout(), result.indexes(), result.version());
            }
        }));
    }

    @Test
    void appliesAWriteThatWaitedToTheColumnsThatItsNamesMeant() throws SQLException {
        commit(insert("a"));
        WriteTask.Rows update = task(
                new Mutation.Update(new RowSelection.Where(textIs("x")), Map.of("text", "new")), Table.ANY_COLUMNS);
        WriteTask.Rows replace = task(insert("b"), Table.ANY_COLUMNS);
        alter(new Alteration.RenameColumn("text", "body"));
        alter(new Alteration.AddColumn(
                Column.of("text", ColumnType.STRING, false).withDefault("x"), null));
        commit.commit(List.of(update, replace)).forEach(Answer::give);
        assertThat(update.answer().join().getFirst().updated()).isEqualTo(1);
        assertThat(replace.answer().join().getFirst().inserted()).isEqualTo(1);
        assertThat(column("body")).containsExactly("new", "x");
        assertThat(column("text")).containsExactly("x", "x");
    }

    @Test
    void refusesAWriteThatWaitedAndNeedsAColumnThatIsGone() throws SQLException {
        commit(insert("a"));
        WriteTask.Rows filter = task(new Mutation.Delete(new RowSelection.Where(textIs("x"))), Table.ANY_COLUMNS);
        WriteTask.Rows values =
                task(new Mutation.Update(RowSelection.keys("a"), Map.of("text", "new")), Table.ANY_COLUMNS);
        alter(new Alteration.DropColumn("text"));
        commit.commit(List.of(filter, values)).forEach(Answer::give);
        assertThat(((AkidbException) filter.answer().exceptionNow()).code()).isEqualTo(ErrorCode.UNKNOWN_FIELD);
        assertThat(((AkidbException) values.answer().exceptionNow()).code()).isEqualTo(ErrorCode.MISSING_FIELD);
        assertThat(keys()).containsExactly("a");
    }

    private static Predicate textIs(String value) {
        return new Predicate.Compare(FieldPath.column("text"), Predicate.Operator.EQUAL, value);
    }

    private WriteTask.Rows task(Mutation mutation, long columnsVersion) {
        return new WriteTask.Rows(
                List.of(new WriteTask.Part(table, table.layout(), mutation, columnsVersion, null, null)),
                1,
                new CompletableFuture<>(),
                () -> false);
    }

    @Test
    void asksAConditionOnlyOfRowsThatHaveChangedSinceItsRowsWereFound() throws SQLException {
        commit(insert("a"), insert("b"), insert("c"));
        Predicate isX = textIs("x");
        ConditionMatches matches;
        try (WatchedConnection reader = database.openReader()) {
            matches = ConditionMatches.read(new Statements(reader.connection()), table.layout(), isX);
        }
        commit(new Mutation.Update(RowSelection.keys("a"), Map.of("text", "y")));
        commit(insert("d"));
        // As if the condition held for no row as of then but these.
        ConditionMatches found = new ConditionMatches(matches.layout(), matches.version(), "[1,2]");
        WriteTask.Part part = new WriteTask.Part(
                table,
                table.layout(),
                new Mutation.Delete(new RowSelection.Where(isX)),
                Table.ANY_COLUMNS,
                null,
                found);
        commit.commit(List.of(new WriteTask.Rows(List.of(part), 1, new CompletableFuture<>(), () -> false)));

        assertThat(matches.ids()).isEqualTo("[1,2,3]");
        assertThat(keys()).containsExactly("a", "c");
    }

    @Test
    void leavesNothingOfAWriteThatNobodyWaitsFor() throws SQLException {
        AtomicInteger asked = new AtomicInteger();
        WriteTask.Rows givenUp = new WriteTask.Rows(
                List.of(new WriteTask.Part(table, table.layout(), insert("a"), Table.ANY_COLUMNS, null, null)),
                1,
                new CompletableFuture<>(),
                () -> asked.incrementAndGet() > 2);
        WriteTask.Rows other = task(insert("b"), Table.ANY_COLUMNS);
        WriteTask.Rows many = new WriteTask.Rows(
                List.of(new WriteTask.Part(
                        table,
                        table.layout(),
                        new Mutation.Insert(
                                IntStream.range(0, 2_000)
                                        .mapToObj(i -> Fixtures.document("many" + i, "x", 1, 2))
                                        .toList(),
                                OnConflict.ERROR),
                        Table.ANY_COLUMNS,
                        null,
                        null)),
                1,
                new CompletableFuture<>(),
                () -> asked.incrementAndGet() > 2);
        commit.commit(List.of(many, other)).forEach(Answer::give);
        commit.commit(List.of(givenUp)).forEach(Answer::give);

        assertThat(many.answer().exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(givenUp.answer().exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(other.answer().join().getFirst().inserted()).isEqualTo(1);
        assertThat(keys()).containsExactly("b");
    }

    @Test
    void remembersDeletionsUpToItsBoundAndSaysFromWhereOn() throws SQLException {
        long start = commit.version();
        for (int i = 0; i <= CHANGES_KEPT + CHANGES_KEPT / 4; i++) {
            commit(insert("a"));
        }
        try (Readers readers =
                new Readers("test-read", database, 1, 1, Readers.PATIENCE, new StorageFailures(directory))) {
            StoredRowSource source = new StoredRowSource(table, readers);
            List<Long> changes = new ArrayList<>();
            assertThat(source.forEachChangeAfter(start, changes::add)).isTrue();
            assertThat(changes).hasSize(CHANGES_KEPT + CHANGES_KEPT / 4 + 1);
            commit(insert("a"));
            changes.clear();
            assertThat(source.forEachChangeAfter(start, changes::add)).isFalse();
            assertThat(changes).isEmpty();
            long recent = commit.version() - CHANGES_KEPT;
            assertThat(source.forEachChangeAfter(recent, changes::add)).isTrue();
            long last = commit.version() - start;
            assertThat(changes).startsWith(last).hasSize(CHANGES_KEPT + 1);
            assertThat(source.version()).isEqualTo(commit.version());
        }
        assertThat(table.loggedChanges()).isEqualTo(CHANGES_KEPT);
    }

    private void limitPages(int pages) throws SQLException {
        Database.execute(connection.connection(), "PRAGMA max_page_count=" + pages);
    }

    private List<String> keys() throws SQLException {
        return column("id");
    }

    private List<String> column(String name) throws SQLException {
        try (Readers readers =
                new Readers("test-read", database, 1, 1, Readers.PATIENCE, new StorageFailures(directory))) {
            return new StoredRows(table, readers, readers)
                    .after(table.layout(), 0, 1_000, true).rows().stream()
                            .map(row -> String.valueOf(
                                    row.values().get(table.definition().indexOf(name))))
                            .toList();
        }
    }

    private static Mutation insert(String key) {
        return new Mutation.Insert(List.of(Fixtures.document(key, "x", 1, 0)), OnConflict.REPLACE);
    }

    private static Mutation ignore(String key) {
        return new Mutation.Insert(List.of(Fixtures.document(key, "x", 1, 0)), OnConflict.IGNORE);
    }

    private static Mutation delete(String key) {
        return new Mutation.Delete(RowSelection.keys(key));
    }

    /** The results, or the codes of the failures. */
    private List<Object> commit(Mutation... mutations) {
        List<WriteTask.Rows> tasks = Arrays.stream(mutations)
                .map(mutation -> task(mutation, Table.ANY_COLUMNS))
                .toList();
        commit.commit(tasks).forEach(Answer::give);
        return tasks.stream()
                .<Object>map(task -> task.answer().isCompletedExceptionally()
                        ? ((AkidbException) task.answer().exceptionNow()).code()
                        : task.answer().join().getFirst())
                .toList();
    }
}
