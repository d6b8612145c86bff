package com.akidb.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Rights;
import com.akidb.concurrent.Futures;
import com.akidb.engine.Alteration;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Mutation;
import com.akidb.engine.Note;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.TableEngine;
import com.akidb.engine.embedded.Engines;
import com.akidb.error.ForbiddenException;
import com.akidb.sync.ClientGroup.Client;
import com.akidb.sync.PullService.Away;
import com.akidb.sync.PullService.Patch;
import com.akidb.sync.PullService.Patch.Operation;
import com.akidb.sync.PullService.Pull;
import com.akidb.sync.PullService.Pulled;
import com.akidb.sync.Subscription.Vectors;
import com.akidb.table.TableSchema;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls from tables whose log of changes is short. */
class PullServiceTests {

    private static final int LOGGED = 100;

    @TempDir
    Path directory;

    private TableEngine engine;
    private PullService pulls;

    @BeforeEach
    void open() {
        engine = Engines.withLog(directory, LOGGED);
        pulls = new PullService(engine, new ClientGroups(engine));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Table create(String name) {
        return engine.create(new TableDefinition(
                name,
                List.of(Column.of("id", ColumnType.STRING, true), Column.of("n", ColumnType.INT, false)),
                "id",
                Map.of("kind", "table")));
    }

    private void put(Table table, int from, int to, long n) {
        List<List<@Nullable Object>> rows = IntStream.range(from, to)
                .<List<@Nullable Object>>mapToObj(i -> Arrays.asList("r" + i, n))
                .toList();
        engine.write(table.id(), new Mutation.Insert(rows, OnConflict.REPLACE)).join();
    }

    /** A client's pull, and what it was answered. */
    private final class Pulling {

        private final List<Operation> operations = new ArrayList<>();
        private final CompletableFuture<Pulled> answer;

        Pulling(String group, @Nullable String cookie, boolean clearsTables, Away away, Table... tables) {
            this(group, "somebody", cookie, clearsTables, away, tables);
        }

        Pulling(
                String group,
                String caller,
                @Nullable String cookie,
                boolean clearsTables,
                Away away,
                Table... tables) {
            Pull pull = new Pull(
                    group,
                    caller,
                    Rights.ALL,
                    cookie,
                    10_000,
                    clearsTables,
                    new byte[32],
                    Stream.of(tables)
                            .map(table -> table.definition().name())
                            .toList()
                            .toString(),
                    () -> Stream.of(tables)
                            .map(table ->
                                    new TableSchema(engine.find(table.id()).orElseThrow()))
                            .map(schema -> new Subscription(schema, null, null, Vectors.INT8, "subscriptions[0]"))
                            .toList(),
                    steps -> {
                        operations.addAll(steps);
                        return List.of(ByteBuffer.wrap(steps(steps).toString().getBytes(UTF_8)));
                    });
            answer = pulls.pull(pull, away);
        }

        Patch patch() {
            return (Patch) answer.join();
        }

        /** What the client was told, whoever wrote it. */
        String told() {
            ByteBuffer told = patch().steps().getFirst().duplicate();
            return UTF_8.decode(told).toString();
        }
    }

    private static <T extends @Nullable Object> CompletableFuture<T> here(Supplier<T> work) {
        return Futures.call(() -> CompletableFuture.completedFuture(work.get()));
    }

    private Pulling pull(@Nullable String cookie, boolean clearsTables, Table... tables) {
        return new Pulling("g", cookie, clearsTables, PullServiceTests::here, tables);
    }

    private static List<String> steps(Pulling pulling) {
        return steps(pulling.operations);
    }

    private static List<String> steps(List<Operation> operations) {
        return operations.stream()
                .map(operation -> switch (operation) {
                    case Operation.Clear(@Nullable String table) -> "clear " + table;
                    case Operation.Put put -> "put " + put.key();
                    case Operation.Delete(String table, String key) -> "del " + table + " " + key;
                })
                .toList();
    }

    @Test
    void startsOneTableAnewWhoseLogWasCut() {
        Table busy = create("busy");
        Table calm = create("calm");
        put(busy, 0, 2, 0);
        put(calm, 0, 1, 0);
        String cookie = pull(null, true, busy, calm).patch().cookie();
        engine.write(busy.id(), new Mutation.Delete(RowSelection.keys("r0"))).join();
        for (int i = 1; i <= 2 * LOGGED; i++) {
            put(busy, 1, 2, i);
        }
        put(calm, 1, 2, 0);
        assertThat(steps(pull(cookie, true, busy, calm))).containsExactly("clear busy", "put r1", "put r1");
        assertThat(steps(pull(cookie, false, busy, calm))).containsExactly("clear null", "put r1", "put r0", "put r1");
        Pulling whole = pull(pull(cookie, true, busy, calm).patch().cookie(), true, busy, calm);
        assertThat(steps(whole)).isEmpty();
    }

    @Test
    void goesOnWhereItWasAfterAStart() {
        Table table = create("t");
        put(table, 0, 3, 0);
        String cookie = pull(null, true, table).patch().cookie();
        put(table, 1, 2, 1);
        engine.close();
        engine = Engines.withLog(directory, LOGGED);
        pulls = new PullService(engine, new ClientGroups(engine));
        put(table, 3, 4, 1);
        // A row that was replaced is a new one.
        assertThat(steps(pull(cookie, true, table))).containsExactly("del t r1", "put r1", "put r3");
    }

    /** Pulls after pulls that would have to work, none of which does. */
    private Pulling withoutWork(String group, String cookie, Table... tables) {
        return new Pulling(
                group,
                cookie,
                true,
                new Away() {
                    @Override
                    public <T extends @Nullable Object> CompletableFuture<T> run(Supplier<T> work) {
                        throw new AssertionError("worked");
                    }
                },
                tables);
    }

    @Test
    void answersEqualPullsByTheSameBytes() {
        Table table = create("t");
        put(table, 0, 3, 0);
        String cookie = pull(null, true, table).patch().cookie();
        put(table, 1, 2, 1);
        Pulling first = pull(cookie, true, table);
        assertThat(steps(first)).containsExactly("del t r1", "put r1");
        Pulling second = withoutWork("g", cookie, table);
        assertThat(second.operations).isEmpty();
        assertThat(second.patch().steps().getFirst())
                .isSameAs(first.patch().steps().getFirst());
        assertThat(second.patch().cookie()).isEqualTo(first.patch().cookie());
        // Another group is read, the patch is not.
        Pulling third = new Pulling("h", cookie, true, PullServiceTests::here, table);
        assertThat(third.operations).isEmpty();
        assertThat(third.told()).isEqualTo(first.told());
    }

    @Test
    void makesThePatchAnewOnceSomethingHappenedToItsTables() {
        Table table = create("t");
        Table other = create("other");
        put(table, 0, 3, 0);
        String cookie = pull(null, true, table).patch().cookie();
        assertThat(pull(cookie, true, table).told()).isEqualTo("[]");
        put(other, 0, 1, 0);
        assertThat(withoutWork("g", cookie, table).told()).isEqualTo("[]");
        put(table, 3, 4, 0);
        assertThat(pull(cookie, true, table).told()).isEqualTo("[put r3]");
        engine.alter(table.id(), new Alteration.RenameTable("renamed"));
        assertThat(steps(pull(cookie, true, table))).containsExactly("clear t", "put r0", "put r1", "put r2", "put r3");
    }

    @Test
    void makesOnePatchForAllWhoAskWhileItIsMade() {
        Table table = create("t");
        put(table, 0, 3, 0);
        String cookie = pull(null, true, table).patch().cookie();
        put(table, 3, 4, 0);
        Queue<Runnable> later = new ArrayDeque<>();
        Away waiting = new Away() {
            @Override
            public <T extends @Nullable Object> CompletableFuture<T> run(Supplier<T> work) {
                CompletableFuture<T> outcome = new CompletableFuture<>();
                later.add(() -> outcome.complete(work.get()));
                return outcome;
            }
        };
        List<Pulling> pulling = IntStream.range(0, 5)
                .mapToObj(i -> new Pulling("g", cookie, true, waiting, table))
                .toList();
        assertThat(later).hasSize(1);
        // Who asks after another commit is not told what was true before it.
        put(table, 4, 5, 0);
        Pulling after = new Pulling("g", cookie, true, waiting, table);
        assertThat(later).hasSize(2);
        while (!later.isEmpty()) {
            later.remove().run();
        }
        assertThat(pulling)
                .allSatisfy(each ->
                        assertThat(each.told()).isEqualTo(pulling.getFirst().told()));
        assertThat(pulling.stream().mapToInt(each -> each.operations.size()).sum())
                .isEqualTo(2);
        assertThat(after.told()).isEqualTo("[put r3, put r4]");
    }

    @Test
    void tellsMutationsToTheirGroupAndNoOther() {
        Table table = create("t");
        put(table, 0, 1, 0);
        ClientGroups groups = new ClientGroups(engine);
        pulls = new PullService(engine, groups);
        String cookie = pull(null, true, table).patch().cookie();
        pull(cookie, true, table);
        put(table, 1, 2, 0);
        assertThat(new Pulling("h", cookie, true, PullServiceTests::here, table)
                        .patch()
                        .lastMutations())
                .isEmpty();
        Client counted = new Client("somebody", 7, List.of());
        Note note = new Note(ClientGroup.space("g"), "c", (_, _) -> counted.bytes());
        // The mutation is counted by a commit that comes after what is kept for the others.
        groups.changing("g", () -> engine.write(List.of(), note)).join();
        assertThat(pull(cookie, true, table).patch().lastMutations()).isEqualTo(Map.of("c", 7L));
        assertThat(new Pulling("h", cookie, true, PullServiceTests::here, table)
                        .patch()
                        .lastMutations())
                .isEmpty();
        Pulling stranger = new Pulling("g", "somebody else", cookie, true, PullServiceTests::here, table);
        assertThatThrownBy(stranger::patch).hasRootCauseInstanceOf(ForbiddenException.class);
    }
}
