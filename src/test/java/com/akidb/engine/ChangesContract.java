package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Changes.Change;
import com.akidb.engine.Changes.Place;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How engines tell what happened to a table's rows. */
public abstract class ChangesContract extends TableEngineContract {

    private Changes.Page page(Table table, Place after, int limit) {
        assertThat(engine.reader(table.id()).changes(after, limit, false)).isInstanceOf(Changes.Page.class);
        return (Changes.Page) engine.reader(table.id()).changes(after, limit, false);
    }

    private Place now() {
        return Place.after(engine.version());
    }

    /** Each change as {@code key=text} or {@code -key}. */
    private static List<String> shown(Changes.Page page) {
        return page.changes().stream().map(ChangesContract::shown).toList();
    }

    private static String shown(Change change) {
        Row row = change.row();
        return row == null
                ? "-" + change.key()
                : change.key() + "=" + row.values().get(1);
    }

    private WriteResult update(Table table, String key, String text) {
        return Fixtures.done(
                engine.write(table.id(), new Mutation.Update(RowSelection.keys(key), Map.of("text", text))));
    }

    @Test
    void tellsEachRowOnceAsItWasLeftInTheOrderOfCommits() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "old", "1", 1, 0);
        put(table, "gone", "2", 1, 0);
        put(table, "same", "3", 1, 0);
        Place before = now();
        put(table, "new", "4", 1, 0);
        long updated = update(table, "old", "5").version();
        delete(table, "gone", "nobody");
        update(table, "new", "6");
        long last = put(table, "newest", "7", 1, 0).version();

        Changes.Page page = page(table, before, 100);
        assertThat(shown(page)).containsExactly("old=5", "-gone", "new=6", "newest=7");
        assertThat(page.changes()).extracting(Change::version).isSorted();
        assertThat(page.changes().getFirst().version()).isEqualTo(updated);
        assertThat(page.changes().getLast().version()).isEqualTo(last);
        assertThat(page.changes().getLast().row())
                .isNotNull()
                .extracting(Row::version)
                .isEqualTo(last);
        assertThat(page.more()).isFalse();
        assertThat(page.next().version()).isEqualTo(last);
        assertThat(shown(page(table, page.next(), 100))).isEmpty();
        reopen();
        assertThat(shown(page(table, before, 100))).containsExactly("old=5", "-gone", "new=6", "newest=7");
    }

    @Test
    void tellsThatAKeyWasDeletedBeforeItTellsOfTheRowThatTookItsPlace() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "1", 1, 0);
        Place before = now();
        put(table, "a", "2", 1, 0);
        assertThat(shown(page(table, before, 100))).containsExactly("-a", "a=2");
        delete(table, "a");
        put(table, "a", "3", 1, 0);
        List<String> all = shown(page(table, before, 100));
        assertThat(all.getLast()).isEqualTo("a=3");
        assertThat(all).filteredOn(change -> change.contains("=")).hasSize(1);
    }

    @Test
    void tellsTheRestOfACappedPageWhereItEnded() {
        Table table = engine.create(Fixtures.documents("t"));
        for (int i = 0; i < 5; i++) {
            put(table, "old" + i, "1", 1, 0);
        }
        Place place = now();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            rows.add(Fixtures.document("new" + i, "2", 1, 0));
        }
        // One commit that is larger than a page, of new rows and of others that were there.
        engine.write(List.of(
                        new TableMutation(table.id(), new Mutation.Insert(rows, OnConflict.ERROR)),
                        new TableMutation(table.id(), new Mutation.Delete(RowSelection.keys("old0", "old1"))),
                        new TableMutation(
                                table.id(),
                                new Mutation.Update(RowSelection.keys("old3", "new2"), Map.of("text", "3")))))
                .join();
        List<String> whole = shown(page(table, place, 100));
        assertThat(whole)
                .containsExactlyInAnyOrder(
                        "-old0", "-old1", "old3=3", "new0=2", "new1=2", "new2=3", "new3=2", "new4=2", "new5=2",
                        "new6=2");
        for (int limit : new int[] {1, 2, 3, 9, 10}) {
            List<String> told = new ArrayList<>();
            Place at = place;
            boolean more = true;
            while (more) {
                Changes.Page page = page(table, at, limit);
                assertThat(page.changes()).hasSizeLessThanOrEqualTo(limit).isNotEmpty();
                told.addAll(shown(page));
                at = page.next();
                more = page.more();
            }
            assertThat(told).as("limit %d", limit).isEqualTo(whole);
        }
    }

    /** A copy that follows page by page while the table goes on changing has the table's rows in the end. */
    @Test
    void letsACopyFollowWhateverHappens() {
        Table table = engine.create(Fixtures.documents("t"));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, String> copy = new TreeMap<>();
        Place place = now();
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < random.nextInt(6); i++) {
                change(table, random, round);
            }
            Changes.Page page = page(table, place, 1 + random.nextInt(4));
            apply(page, copy);
            place = page.next();
        }
        boolean more = true;
        while (more) {
            Changes.Page page = page(table, place, 3);
            apply(page, copy);
            place = page.next();
            more = page.more();
        }
        Map<String, String> rows = new TreeMap<>();
        for (Row row : engine.reader(table.id()).list(0, 1_000, false).rows()) {
            rows.put((String) row.values().getFirst(), (String) row.values().get(1));
        }
        assertThat(engine.version()).as("commits").isGreaterThan(0);
        assertThat(copy).as("seed %d", seed).isEqualTo(rows);
    }

    private void change(Table table, Random random, int round) {
        String key = "k" + random.nextInt(20);
        switch (random.nextInt(4)) {
            case 0 -> delete(table, key);
            case 1 -> update(table, key, "updated " + round);
            default -> put(table, key, "put " + round, 1, 0);
        }
    }

    private static void apply(Changes.Page page, Map<String, String> copy) {
        for (Change change : page.changes()) {
            Row row = change.row();
            if (row == null) {
                copy.remove(change.key());
            } else {
                copy.put(change.key(), (String) row.values().get(1));
            }
        }
    }

    @Test
    void saysToStartAnewWhenColumnsAreOthers() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "1", 1, 0);
        List<Alteration> alterations = List.of(
                new Alteration.AddColumn(
                        Column.of("late", ColumnType.INT, false).withDefault(7L), null),
                new Alteration.RenameColumn("late", "later"),
                new Alteration.DropColumn("later"),
                new Alteration.AddColumn(Column.vector("other", 2, Metric.COSINE), null),
                new Alteration.ReplaceColumn("vector", "other", Map.of()));
        for (Alteration alteration : alterations) {
            Place before = now();
            update(table, "a", "before");
            engine.alter(table.id(), alteration);
            Changes changes = engine.reader(table.id()).changes(before, 100, false);
            assertThat(changes).as("%s", alteration).isInstanceOf(Changes.StartAnew.class);
            Place next = ((Changes.StartAnew) changes).next();
            assertThat(shown(page(table, next, 100))).isEmpty();
            update(table, "a", "after");
            assertThat(shown(page(table, next, 100))).containsExactly("a=after");
        }
    }

    @Test
    void goesOnWhenOnlyTheNameOfTheTableIsAnother() {
        Table table = engine.create(Fixtures.documents("t"));
        Place before = now();
        put(table, "a", "1", 1, 0);
        engine.alter(table.id(), new Alteration.RenameTable("other"));
        Changes.Page page = page(table, before, 100);
        assertThat(shown(page)).containsExactly("a=1");
        assertThat(page.next().version()).isEqualTo(engine.version());
    }

    @Test
    void saysToStartAnewWhereNothingIsKnownOneByOne() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "1", 1, 0);
        Changes changes = engine.reader(table.id()).changes(Place.after(0), 100, false);
        assertThat(changes).isInstanceOf(Changes.StartAnew.class);
        assertThat(((Changes.StartAnew) changes).next().version()).isEqualTo(engine.version());
    }

    @Test
    void bringsVectorsIfAskedTo() {
        Table table = engine.create(Fixtures.documents("t"));
        Place before = now();
        put(table, "a", "1", 1, 0);
        Changes.Page with = (Changes.Page) engine.reader(table.id()).changes(before, 100, true);
        assertThat(vector(with)).isEqualTo(new float[] {1, 0});
        assertThat(vector(page(table, before, 100))).isNull();
    }

    private static @Nullable Object vector(Changes.Page page) {
        return Objects.requireNonNull(page.changes().getFirst().row()).values().get(3);
    }

    @Test
    void refusesOddLimitsAndUnknownTables() {
        Table table = engine.create(Fixtures.documents("t"));
        for (int limit : new int[] {0, -1, 10_001}) {
            assertThatThrownBy(() -> engine.reader(table.id()).changes(now(), limit, false))
                    .isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> engine.reader(UUID.randomUUID()).changes(now(), 1, false))
                .isInstanceOf(NotFoundException.class);
    }
}
