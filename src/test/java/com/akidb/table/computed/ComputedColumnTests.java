package com.akidb.table.computed;

import static com.akidb.table.computed.ComputedRoom.COLUMN;
import static com.akidb.table.computed.ComputedRoom.SMALL;
import static com.akidb.table.computed.ComputedRoom.TABLE;
import static com.akidb.table.computed.ComputedRoom.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.account.Rights;
import com.akidb.engine.CellCounts;
import com.akidb.engine.ColumnType;
import com.akidb.engine.WriteResult;
import com.akidb.error.ConflictException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.query.Predicate;
import com.akidb.table.ComputedColumnService.ComputedColumn;
import com.akidb.table.ComputedColumnService.ComputedColumn.Status;
import com.akidb.table.ComputedColumnService.NewComputedColumn;
import com.akidb.table.ComputedColumnService.Recomputed;
import com.akidb.table.RowService.EmbedMode;
import com.akidb.table.TableService.NewColumn;
import com.akidb.table.TableService.NewTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of the cells of a computed column as rows come and change. */
class ComputedColumnTests extends ComputedFixture {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void fillsTheRowsThatAreThere() throws Exception {
        room.insertMany(700);
        done(room.insert(EmbedMode.SYNC, "empty", "", "same", "note number 1"));

        assertThat(room.createColumn(SMALL).dimensions()).isEqualTo(384);
        ComputedColumn full = room.awaitFull();

        assertThat(full.fill().status()).isEqualTo(Status.READY);
        assertThat(full.fill().cells()).isEqualTo(new CellCounts(701, 0, 0, 1));
        assertThat(room.nearest(SMALL, "note number 77", 5)).containsExactly("r77");
        assertThat(room.nearest(SMALL, "note number 1", 5)).containsExactly("r1", "same");
        assertThat(models.embedded.get())
                .as("equal texts are embedded once a page")
                .isLessThanOrEqualTo(701);
        assertThat(room.meters.get("akidb_computed_cells").counter().count()).isGreaterThanOrEqualTo(701);
    }

    @Test
    void answersAWriteWhenItsVectorsAreSearchableOrBeforeIfAsked() throws Exception {
        room.createColumn(SMALL);
        done(room.insert(EmbedMode.SYNC, "a", "granite"));
        assertThat(room.nearest(SMALL, "granite", 1)).containsExactly("a");

        models.hold(0);
        done(room.insert(EmbedMode.ASYNC, "b", "basalt"));
        assertThat(room.column().fill().cells().pending()).isEqualTo(1);
        models.letAll();
        room.awaitFull();
        assertThat(room.nearest(SMALL, "basalt", 1)).containsExactly("b");
    }

    @Test
    void findsAnOldVectorNoMoreFromTheCommitThatChangesItsText() throws Exception {
        room.createColumn(SMALL);
        done(room.insert(EmbedMode.SYNC, "a", "granite"));
        models.hold(0);
        done(room.update(EmbedMode.ASYNC, "a", "basalt"));

        assertThat(room.nearest(SMALL, "granite", 1)).isEmpty();
        models.letAll();
        room.awaitFull();
        assertThat(room.nearest(SMALL, "basalt", 1)).containsExactly("a");

        done(room.update(EmbedMode.SYNC, "a", "slate"));
        assertThat(room.nearest(SMALL, "slate", 1)).containsExactly("a");
        done(room.update(EmbedMode.SYNC, "a", ""));
        assertThat(room.nearest(SMALL, "slate", 1)).isEmpty();
        assertThat(room.column().fill().cells().empty()).isEqualTo(1);
    }

    @Test
    void embedsTheTextsOfManyChangedRowsTogetherAndEachOnce() throws Exception {
        room.createColumn(SMALL);
        room.insertMany(100);
        room.awaitFull();
        int before = models.embedded.get();
        List<Map<String, @Nullable Object>> changes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("id", "r" + i);
            row.put("note", i == 7 ? null : i % 2 == 0 ? "granite" : "slate " + i);
            changes.add(row);
        }
        WriteResult written = done(room.update(EmbedMode.SYNC, changes));

        assertThat(written.updated()).isEqualTo(100);
        assertThat(models.embedded.get() - before).isEqualTo(50);
        assertThat(room.nearest(SMALL, "slate 33", 1)).containsExactly("r33");
        assertThat(room.nearest(SMALL, "granite", 100))
                .as("of the texts nearest to it, all that are equal to it")
                .contains("r0", "r98");
        assertThat(room.nearest(SMALL, "note number 7", 1)).doesNotContain("r7");
        assertThat(room.column().fill().cells()).isEqualTo(new CellCounts(99, 0, 0, 1));
        models.hold(0);
        done(room.update(EmbedMode.ASYNC, List.of(Map.of("id", "r1", "note", "basalt"))));
        assertThat(room.column().fill().cells().pending()).isEqualTo(1);
        models.letAll();
        room.awaitFull();
        assertThat(room.nearest(SMALL, "basalt", 1)).containsExactly("r1");
    }

    @Test
    void makesNoMoreColumnsThanATableMayHaveByWhateverWay() {
        List<NewColumn> most = new ArrayList<>(List.of(NewColumn.of("id", ColumnType.STRING)));
        while (most.size() < NewTable.MAX_COLUMNS) {
            most.add(NewColumn.of("c" + most.size(), ColumnType.STRING));
        }
        room.tables.create(new NewTable("wide", most, "id"));
        assertThatThrownBy(() -> room.columns.create(
                        "wide", new NewComputedColumn(COLUMN, "c1", SMALL, true, true), Account.SERVER))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("at most 1000 columns");
        assertThatThrownBy(() -> room.tables.addColumn("wide", NewColumn.of("more", ColumnType.INT)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("at most 1000 columns");
        assertThat(room.tables.describe("wide", Rights.ALL).columns()).hasSize(NewTable.MAX_COLUMNS);
    }

    @Test
    void passesOverAVectorWhoseTextChangedWhileItWasMade() throws Exception {
        done(room.insert(EmbedMode.SYNC, "a", "granite"));
        models.hold(0);
        room.createColumn(SMALL);
        room.await(column -> room.fills.running() == 1);
        done(room.update(EmbedMode.ASYNC, "a", "basalt"));
        models.letAll();
        room.awaitFull();

        assertThat(room.nearest(SMALL, "granite", 1)).isEmpty();
        assertThat(room.nearest(SMALL, "basalt", 1)).containsExactly("a");
    }

    @Test
    void keepsVectorsWithoutAutoUpdateUntilTheyAreRefreshed() throws Exception {
        room.columns.create(TABLE, new NewComputedColumn(COLUMN, "note", SMALL, false, false), Account.SERVER);
        done(room.insert(EmbedMode.SYNC, "a", "granite", "b", "gneiss"));
        done(room.update(EmbedMode.SYNC, "a", "basalt"));
        assertThat(room.nearest(SMALL, "granite", 1)).containsExactly("a");

        assertThat(done(refresh(ComputedRoom.idIs("a"), LONG))).isEqualTo(new Recomputed(1, 0, 0, 0));
        assertThat(room.nearest(SMALL, "granite", 1)).isEmpty();
        assertThat(room.nearest(SMALL, "basalt", 1)).containsExactly("a");
    }

    @Test
    void failsATextAloneAndTriesItAgainWhenAsked() throws Exception {
        models.bad.add("note number 33");
        room.insertMany(100);
        room.createColumn(SMALL);
        ComputedColumn full = room.awaitFull();

        assertThat(full.fill().cells()).isEqualTo(new CellCounts(99, 0, 1, 0));
        assertThat(room.columns.failures(TABLE, COLUMN, 0, 10).cells())
                .singleElement()
                .satisfies(cell -> {
                    assertThat(cell.key()).isEqualTo("r33");
                    assertThat(cell.error()).isEqualTo("indigestible");
                });
        models.bad.clear();
        assertThat(done(room.columns.retry(TABLE, COLUMN, LONG, Account.SERVER)))
                .isEqualTo(new Recomputed(1, 0, 0, 0));
        assertThat(room.column().fill().cells().ready()).isEqualTo(100);
        assertThat(done(room.columns.retry(TABLE, COLUMN, LONG, Account.SERVER)))
                .isEqualTo(new Recomputed(0, 0, 0, 0));
    }

    private CompletableFuture<Recomputed> refresh(@Nullable Predicate where, Duration wait) {
        return room.columns.refresh(TABLE, COLUMN, where, wait, Account.SERVER);
    }

    @Test
    void answersARefreshWithWhatBecameOfItsCells() throws Exception {
        room.createColumn(SMALL);
        room.insertMany(300);
        done(room.insert(EmbedMode.SYNC, "a", "granite", "b", "gneiss", "c", "basalt", "d", ""));
        room.awaitFull();
        models.bad.add("gneiss");
        models.hold(0);
        CompletableFuture<Recomputed> refreshed = refresh(null, LONG);
        room.await(column -> column.fill().cells().pending() == 304);
        done(room.update(EmbedMode.ASYNC, "c", "slate"));
        assertThat(refreshed).isNotDone();
        models.letAll();

        assertThat(done(refreshed))
                .as("b cannot be embedded; c has changed, and d has no text")
                .isEqualTo(new Recomputed(301, 1, 2, 0));
        assertThat(room.awaitFull().fill().cells()).isEqualTo(new CellCounts(302, 0, 1, 1));
    }

    @Test
    void answersARefreshWhoseRowsHaveGone() throws Exception {
        room.createColumn(SMALL);
        done(room.insert(EmbedMode.SYNC, "a", "granite", "b", "gneiss"));
        models.hold(0);
        CompletableFuture<Recomputed> refreshed = refresh(null, LONG);
        room.await(column -> column.fill().cells().pending() == 2);
        done(room.rows.delete(room.rows.schema(TABLE, Rights.ALL), "a", Account.SERVER));
        models.letAll();

        assertThat(done(refreshed)).isEqualTo(new Recomputed(1, 0, 1, 0));
    }

    @Test
    void countsTheCellsOfEachOfSeveralRefreshes() {
        room.createColumn(SMALL);
        done(room.insert(EmbedMode.SYNC, "a", "granite", "b", "gneiss", "c", "basalt"));
        models.hold(0);
        CompletableFuture<Recomputed> first = refresh(ComputedRoom.idIs("a"), LONG);
        CompletableFuture<Recomputed> second = refresh(ComputedRoom.idIs("b"), LONG);
        models.letAll();

        assertThat(List.of(done(first), done(second)))
                .containsExactly(new Recomputed(1, 0, 0, 0), new Recomputed(1, 0, 0, 0));
    }

    @Test
    void tellsWhatIsStillToComeToThoseWhoWillNotWait() throws Exception {
        room.createColumn(SMALL);
        done(room.insert(EmbedMode.SYNC, "a", "granite", "b", "gneiss"));
        Recomputed pending = new Recomputed(0, 0, 0, 2);
        models.hold(0);
        assertThat(done(refresh(null, Duration.ZERO))).as("nor wait").isEqualTo(pending);
        assertThat(done(refresh(null, Duration.ofMillis(20)))).as("so long").isEqualTo(pending);
        models.letAll();
        room.awaitFull();

        models.out = true;
        assertThat(done(refresh(null, LONG))).as("without the model").isEqualTo(pending);
        models.out = false;
        room.awaitFull();

        models.hold(0);
        CompletableFuture<Recomputed> paused = refresh(null, LONG);
        room.columns.pause(TABLE, COLUMN);
        assertThat(done(paused)).as("paused on the way").isEqualTo(pending);
        assertThat(done(refresh(null, LONG))).as("paused").isEqualTo(pending);
        models.letAll();
        room.columns.resume(TABLE, COLUMN);
        assertThat(room.awaitFull().fill().cells().ready()).isEqualTo(2);
    }

    @Test
    void writesARowWhoseTextFailsWithTheReason() throws Exception {
        models.bad.add("poison");
        room.createColumn(SMALL);
        done(room.insert(EmbedMode.SYNC, "a", "granite", "b", "poison"));

        assertThat(room.column().fill().cells()).isEqualTo(new CellCounts(1, 0, 1, 0));
        assertThat(room.nearest(SMALL, "granite", 1)).containsExactly("a");
    }

    @Test
    void refusesWhatCannotBeComputed() {
        AtomicReference<@Nullable NewComputedColumn> wanted = new AtomicReference<>();
        for (NewComputedColumn bad : List.of(
                new NewComputedColumn("vec", "none", SMALL, true, true),
                new NewComputedColumn("vec", "note", "no-such-model", true, true),
                new NewComputedColumn("row_id", "note", SMALL, true, true))) {
            wanted.set(bad);
            assertThatThrownBy(() -> room.columns.create(TABLE, bad, Account.SERVER))
                    .isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> room.columns.create(
                        TABLE, new NewComputedColumn("NOTE", "note", SMALL, true, true), Account.SERVER))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> room.columns.get(TABLE, "note")).isInstanceOf(NotFoundException.class);
    }
}
