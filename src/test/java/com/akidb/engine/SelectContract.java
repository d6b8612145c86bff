package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.DeadlineExceededException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.TableChangedException;
import com.akidb.query.FieldPath;
import com.akidb.query.Json;
import com.akidb.query.Kind;
import com.akidb.query.NamedRows;
import com.akidb.query.SelectQuery;
import com.akidb.query.SelectReader;
import com.akidb.vector.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How engines run selects. */
public abstract class SelectContract extends TableEngineContract {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.000001Z");
    private static final float[] EAST = {1, 0, 0};

    private Table items;
    private Table owners;

    /** Four items, the last without anything but its key, and three owners, of whom one owns nothing. */
    @Override
    @BeforeEach
    void openEngine() {
        super.openEngine();
        items = engine.create(Fixtures.everyType("items"));
        owners = engine.create(Fixtures.documents("owners"));
        insert(
                items,
                OnConflict.ERROR,
                Arrays.asList("a", 1L, 0.5, true, NOON, "{\"of\":\"ann\",\"n\":[1, 2]}", new float[] {1, 0, 0}),
                Arrays.asList("b", 3L, 2.0, false, NOON.plusSeconds(1), "{\"of\":\"bob\"}", new float[] {0, 1, 0}),
                Arrays.asList("c", 3L, null, true, NOON.minusSeconds(1), "{\"of\":\"ann\"}", new float[] {1, 1, 0}),
                Arrays.asList("d", null, null, null, null, null, null));
        put(owners, "ann", "Ann", 1, 0);
        put(owners, "bob", "Bob", 0, 1);
        put(owners, "cleo", "Cleo", 1, 1);
        items = engine.find(items.id()).orElseThrow();
        owners = engine.find(owners.id()).orElseThrow();
    }

    private static NamedRows named(Table table) {
        List<NamedRows.NamedColumn> columns = table.definition().columns().stream()
                .map(column -> new NamedRows.NamedColumn(column.name(), kind(column.type())))
                .toList();
        return new NamedRows(table.id(), table.definition().name(), columns, (name, _) -> {
            List<String> parts = List.of(name.split("\\."));
            return new FieldPath(parts.getFirst(), parts.subList(1, parts.size()));
        });
    }

    private static Kind kind(ColumnType type) {
        return switch (type) {
            case STRING -> Kind.STRING;
            case INT, FLOAT -> Kind.NUMBER;
            case BOOL -> Kind.BOOL;
            case TIMESTAMP -> Kind.TIMESTAMP;
            case JSON -> Kind.JSON;
            case VECTOR -> Kind.VECTOR;
        };
    }

    private SelectRequest request(
            String query, int maxRows, long maxBytes, Duration timeout, BooleanSupplier cancelled, Object... params) {
        SelectQuery read =
                SelectReader.read(query, Arrays.asList(params), name -> named(name.equals("items") ? items : owners));
        List<float[]> vectors = read.probes().stream()
                .map(probe -> (float[]) java.util.Objects.requireNonNull(probe.value()))
                .toList();
        return new SelectRequest(read.select(), List.of(items, owners), vectors, maxRows, maxBytes, timeout, cancelled);
    }

    private List<List<@Nullable Object>> select(String query, Object... params) {
        return engine.select(request(query, 1_000, 1 << 20, Duration.ofSeconds(60), () -> false, params));
    }

    private static List<@Nullable Object> row(@Nullable Object... cells) {
        return Arrays.<@Nullable Object>asList(cells);
    }

    @Test
    void filtersOrdersAndLimits() {
        assertThat(select("select key from items where int = ? order by key desc limit 1", 3L))
                .containsExactly(row("c"));
        assertThat(select("select key k, int + 1 from items where bool or int = 3 order by int desc, k offset 1"))
                .containsExactly(row("c", 4L), row("a", 2L));
        assertThat(select("select key from items where key in ('a', 'd', ?) order by key", "b"))
                .containsExactly(row("a"), row("b"), row("d"));
        assertThat(select("select key from items limit 0")).isEmpty();
        assertThat(select("select 1, 'x', null")).containsExactly(row(1L, "x", null));
    }

    @Test
    void saysHowASelectWouldBeRunInTheNamesOfTheTables() {
        SelectRequest request = request(
                "select o.text from items i join owners o on o.id = i.json.of where i.int > 1 order by o.text",
                1_000,
                1 << 20,
                Duration.ofSeconds(60),
                () -> false);
        assertThat(String.join("\n", engine.explain(request)))
                .contains("items", "owners")
                .doesNotContain("rows_");
        engine.alter(owners.id(), new Alteration.RenameColumn("text", "called"));
        assertThatThrownBy(() -> engine.explain(request)).isInstanceOf(TableChangedException.class);
    }

    @Test
    void givesEachKindInItsClass() {
        List<@Nullable Object> found =
                select("select * from items where key = 'a'").getFirst();
        assertThat(found.subList(0, 6))
                .isEqualTo(row("a", 1L, 0.5, true, NOON, new Json("{\"of\":\"ann\",\"n\":[1, 2]}")));
        assertThat((float[]) select("select vector from items where key = 'a'")
                        .getFirst()
                        .getFirst())
                .containsExactly(1, 0, 0);
        assertThat(select("select * from items where key = 'd'"))
                .containsExactly(row("d", null, null, null, null, null));
        assertThat(select("select json.of, json.n, json.x, int > 1, int / 2.0, time from items where key = 'a'"))
                .containsExactly(row("ann", new Json("[1, 2]"), null, false, 0.5, NOON));
    }

    @Test
    void treatsAbsentValuesAsUnknown() {
        assertThat(select("select key from items where int = null")).isEmpty();
        assertThat(select("select key from items where not (int = 3) order by key"))
                .containsExactly(row("a"));
        assertThat(select("select key from items where int is null")).containsExactly(row("d"));
        assertThat(select("select key from items where int not in (1, null)")).isEmpty();
        assertThat(select("select key from items where bool or int is null order by key"))
                .containsExactly(row("a"), row("c"), row("d"));
        assertThat(select("select coalesce(float, -1), float + 1, case when float > 1 then 'much' else 'little' end"
                        + " from items where key in ('b', 'c') order by key"))
                .containsExactly(row(2.0, 3.0, "much"), row(-1L, null, "little"));
    }

    @Test
    void putsAbsentValuesFirstUnlessItIsToldOtherwise() {
        assertThat(select("select key from items order by float, key"))
                .containsExactly(row("c"), row("d"), row("a"), row("b"));
        assertThat(select("select key from items order by float desc, key"))
                .containsExactly(row("b"), row("a"), row("c"), row("d"));
        assertThat(select("select key from items order by float nulls last, key"))
                .containsExactly(row("a"), row("b"), row("c"), row("d"));
        assertThat(select("select key from items order by float desc nulls first, key"))
                .containsExactly(row("c"), row("d"), row("b"), row("a"));
    }

    @Test
    void groupsAndAggregates() {
        assertThat(select("select int, count(*), sum(float), min(key), max(key) from items group by int order by int"))
                .containsExactly(row(null, 1L, null, "d", "d"), row(1L, 1L, 0.5, "a", "a"), row(3L, 2L, 2.0, "b", "c"));
        assertThat(select("select json.of, count(distinct int) n from items group by json.of having count(*) > 1"))
                .containsExactly(row("ann", 2L));
        assertThat(select("select count(*), count(float), sum(int), avg(int), total(int), count(distinct int)"
                        + " from items"))
                .containsExactly(row(4L, 2L, 7L, 7 / 3.0, 7.0, 2L));
        assertThat(select("select count(*), sum(int), avg(int), total(int), max(key) from items where key = 'nobody'"))
                .containsExactly(row(0L, null, null, 0.0, null));
        assertThat(select("select int from items where key = 'nobody' group by int"))
                .isEmpty();
        assertThat(select("select distinct int from items order by int"))
                .containsExactly(row((Object) null), row(1L), row(3L));
    }

    @Test
    void joinsTables() {
        assertThat(select("select i.key, o.text from items i join owners o on o.id = i.json.of order by i.key"))
                .containsExactly(row("a", "Ann"), row("b", "Bob"), row("c", "Ann"));
        assertThat(select("select o.id, i.key from owners o left join items i on i.json.of = o.id and i.int > 1"
                        + " order by o.id, i.key"))
                .containsExactly(row("ann", "c"), row("bob", "b"), row("cleo", null));
        assertThat(select("select count(*) from items cross join owners")).containsExactly(row(12L));
        assertThat(select("select a.key, b.key from items a join items b on a.int = b.int and a.key < b.key"))
                .containsExactly(row("b", "c"));
    }

    @Test
    void selectsWithinSelects() {
        assertThat(select("select x.n, x.who from (select json.of who, count(*) n from items group by json.of) x"
                        + " where x.who is not null order by x.n"))
                .containsExactly(row(1L, "bob"), row(2L, "ann"));
        assertThat(select("select id from owners o where not exists (select 1 from items i where i.json.of = o.id)"))
                .containsExactly(row("cleo"));
        assertThat(select("select id from owners where id in (select json.of from items where int = 3) order by id"))
                .containsExactly(row("ann"), row("bob"));
        assertThat(select("select id from owners where id not in (select json.of from items)"))
                .isEmpty();
        assertThat(select(
                        "select id, (select max(int) from items i where i.json.of = o.id) m from owners o order by id"))
                .containsExactly(row("ann", 3L), row("bob", 3L), row("cleo", null));
    }

    @Test
    void ordersByScoresOfVectors() {
        List<List<@Nullable Object>> scored =
                select("select key, similarity(vector, ?) s from items order by s desc", EAST);
        assertThat(scored).extracting(List::getFirst).containsExactly("a", "c", "b", "d");
        for (List<@Nullable Object> each : scored.subList(0, 3)) {
            float[] stored = (float[]) engine.reader(items.id())
                    .get(String.valueOf(each.getFirst()), true)
                    .orElseThrow()
                    .values()
                    .get(6);
            assertThat(((Double) each.get(1)).floatValue()).isEqualTo(Metric.EUCLIDEAN.score(EAST, stored));
        }
        assertThat(scored.getLast().get(1)).isNull();
        assertThat(select(
                        "select key from items where similarity(vector, ?) > similarity(vector, ?) order by key",
                        EAST,
                        new float[] {0, 1, 0}))
                .containsExactly(row("a"));
    }

    @Test
    void takesParametersForValuesWhateverTheySay() {
        String nasty = "x' or 1 = 1; drop table items; --";
        put(owners, nasty, "odd", 1, 0);
        assertThat(select("select id, ? from owners where id = ?", nasty, nasty))
                .containsExactly(row(nasty, nasty));
        assertThat(select("select count(*) from items where key = ?", nasty)).containsExactly(row(0L));
        assertThat(select("select ? > 1, ?, ?", 1.5, true, Long.MIN_VALUE))
                .containsExactly(row(true, true, Long.MIN_VALUE));
    }

    @Test
    void seesEveryWriteThatWasAnsweredBefore() {
        for (long i = 0; i < 20; i++) {
            delete(owners, "ann");
            insert(items, OnConflict.REPLACE, Arrays.asList("new", i, null, null, null, null, null));
            assertThat(select("select i.int, (select count(*) from owners) from items i where i.key = 'new'"))
                    .containsExactly(row(i, 2L));
        }
    }

    @Test
    void refusesAnswersThatAreTooLargeAndWhatCannotBeComputed() {
        Duration minute = Duration.ofSeconds(60);
        String all = "select key from items";
        assertThat(engine.select(request(all, 4, 1 << 20, minute, () -> false))).hasSize(4);
        for (SelectRequest large :
                List.of(request(all, 3, 1 << 20, minute, () -> false), request(all, 4, 100, minute, () -> false))) {
            assertThatThrownBy(() -> engine.select(large)).isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> select("select sum(int + 9223372036854775800) from items"))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> select("select abs(-9223372036854775807 - 1)"))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void endsWhenItsTimeIsOverOrNobodyWaits() {
        String all = "select key from items";
        assertThatThrownBy(() -> engine.select(request(all, 10, 1 << 20, Duration.ofSeconds(60), () -> true)))
                .isInstanceOf(DeadlineExceededException.class);
        assertThatThrownBy(() -> engine.select(request(all, 10, 1 << 20, Duration.ZERO, () -> false)))
                .isInstanceOf(DeadlineExceededException.class);
        int[] asked = {0};
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add(Arrays.asList("k" + i, (long) i, null, null, null, null, null));
        }
        Fixtures.done(engine.write(items.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
        assertThatThrownBy(() -> engine.select(request(
                        "select count(*) from items a cross join items b cross join items c cross join items d",
                        10,
                        1 << 20,
                        Duration.ofSeconds(60),
                        () -> ++asked[0] > 3)))
                .isInstanceOf(DeadlineExceededException.class);
        assertThat(select("select count(*) from items")).containsExactly(row(204L));
    }

    @Test
    void refusesSelectsThatWereMadeForOtherColumnsOrTablesThatAreGone() {
        String query = "select i.bool, o.text from items i join owners o on o.id = i.json.of where i.key = 'a'";
        Duration minute = Duration.ofSeconds(60);
        SelectRequest made = request(query, 10, 1 << 20, minute, () -> false);
        engine.alter(owners.id(), new Alteration.RenameTable("people"));
        assertThat(engine.select(made)).containsExactly(row(true, "Ann"));
        Column same = items.definition().columns().get(3);
        engine.alter(items.id(), new Alteration.DropColumn("bool"));
        assertThatThrownBy(() -> engine.select(made)).isInstanceOf(TableChangedException.class);
        engine.alter(items.id(), new Alteration.AddColumn(same, null));
        assertThatThrownBy(() -> engine.select(made)).isInstanceOf(TableChangedException.class);
        items = engine.find(items.id()).orElseThrow();
        SelectRequest anew = request(query, 10, 1 << 20, minute, () -> false);
        assertThat(engine.select(anew)).containsExactly(row(null, "Ann"));
        engine.drop(owners.id());
        assertThatThrownBy(() -> engine.select(anew)).isInstanceOf(NotFoundException.class);
    }
}
