package com.akidb.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.TableEngine;
import com.akidb.engine.embedded.Engines;
import com.akidb.sync.PullService.Patch;
import com.akidb.sync.PullService.Patch.Operation;
import com.akidb.sync.PullService.Pull;
import com.akidb.sync.Subscription.Vectors;
import com.akidb.table.TableSchema;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Pulls from tables whose log of changes is short. */
class PullServiceTests {

    private static final int LOGGED = 100;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path directory;

    private TableEngine engine;
    private PullService pulls;

    @BeforeEach
    void open() {
        engine = Engines.withLog(directory, LOGGED);
        pulls = new PullService(engine);
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

    private Patch pull(@Nullable String cookie, boolean clearsTables, Table... tables) {
        return (Patch) pulls.pull(new Pull(
                "g",
                "somebody",
                cookie == null ? null : JSON.readTree(cookie),
                10_000,
                clearsTables,
                new byte[32],
                () -> Stream.of(tables)
                        .map(table -> new TableSchema(engine.find(table.id()).orElseThrow()))
                        .map(schema -> new Subscription(schema, null, null, Vectors.INT8, "subscriptions[0]"))
                        .toList()));
    }

    private static List<String> steps(Patch patch) {
        return patch.operations().stream()
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
        String cookie = pull(null, true, busy, calm).cookie();
        engine.write(busy.id(), new Mutation.Delete(RowSelection.keys("r0"))).join();
        for (int i = 1; i <= 2 * LOGGED; i++) {
            put(busy, 1, 2, i);
        }
        put(calm, 1, 2, 0);
        assertThat(steps(pull(cookie, true, busy, calm))).containsExactly("clear busy", "put r1", "put r1");
        assertThat(steps(pull(cookie, false, busy, calm))).containsExactly("clear null", "put r1", "put r0", "put r1");
        Patch whole = pull(pull(cookie, true, busy, calm).cookie(), true, busy, calm);
        assertThat(steps(whole)).isEmpty();
    }

    @Test
    void goesOnWhereItWasAfterAStart() {
        Table table = create("t");
        put(table, 0, 3, 0);
        String cookie = pull(null, true, table).cookie();
        put(table, 1, 2, 1);
        engine.close();
        engine = Engines.withLog(directory, LOGGED);
        pulls = new PullService(engine);
        put(table, 3, 4, 1);
        // A row that was replaced is a new one.
        assertThat(steps(pull(cookie, true, table))).containsExactly("del t r1", "put r1", "put r3");
    }
}
