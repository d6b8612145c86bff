package com.akidb.table.computed;

import static com.akidb.table.computed.ComputedRoom.COLUMN;
import static com.akidb.table.computed.ComputedRoom.LARGE;
import static com.akidb.table.computed.ComputedRoom.SMALL;
import static com.akidb.table.computed.ComputedRoom.TABLE;
import static com.akidb.table.computed.ComputedRoom.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.CellCounts;
import com.akidb.engine.Row;
import com.akidb.error.ConflictException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import com.akidb.table.ColumnFacts;
import com.akidb.table.ComputedChange;
import com.akidb.table.ComputedColumn;
import com.akidb.table.ComputedColumn.Status;
import com.akidb.table.EmbedMode;
import com.akidb.table.NewComputedColumn;
import com.akidb.table.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComputedColumnTests {

    @TempDir
    Path directory;

    private final ScriptedEmbedding models = new ScriptedEmbedding();
    private ComputedRoom room;

    @BeforeEach
    void open() {
        room = ComputedRoom.filling(directory, models);
        room.createTable();
    }

    @AfterEach
    void close() {
        room.close();
    }

    private void reopen() {
        room.close();
        room = ComputedRoom.filling(directory, models);
    }

    private static ComputedChange toModel(String model) {
        return new ComputedChange(model, null, null);
    }

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
        room.columns.create(TABLE, new NewComputedColumn(COLUMN, "note", SMALL, false, false));
        done(room.insert(EmbedMode.SYNC, "a", "granite", "b", "gneiss"));
        done(room.update(EmbedMode.SYNC, "a", "basalt"));
        assertThat(room.nearest(SMALL, "granite", 1)).containsExactly("a");

        assertThat(done(room.columns.refresh(TABLE, COLUMN, ComputedRoom.idIs("a"))))
                .isEqualTo(1);
        room.awaitFull();
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
        assertThat(done(room.columns.retry(TABLE, COLUMN))).isEqualTo(1);
        assertThat(room.awaitFull().fill().cells().ready()).isEqualTo(100);
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
    void waitsForAModelThatCannotBeUsedAndLosesNothing() throws Exception {
        room.insertMany(200);
        models.out = true;
        room.createColumn(SMALL);
        ComputedColumn waiting = room.await(column -> column.fill().status() == Status.WAITING);

        assertThat(waiting.fill().error()).isEqualTo("the model is on holiday");
        assertThat(waiting.fill().cells()).isEqualTo(new CellCounts(0, 200, 0, 0));
        assertThatThrownBy(() -> done(room.insert(EmbedMode.SYNC, "x", "granite")))
                .hasCauseInstanceOf(UnavailableException.class);
        done(room.insert(EmbedMode.ASYNC, "y", "basalt"));
        models.out = false;
        assertThat(room.awaitFull().fill().cells()).isEqualTo(new CellCounts(201, 0, 0, 0));
    }

    @Test
    void staysPausedUntilItIsResumedAlsoAfterARestart() throws Exception {
        models.hold(2);
        room.insertMany(500);
        room.createColumn(SMALL);
        room.await(column -> column.fill().status() == Status.FILLING);
        assertThat(room.columns.pause(TABLE, COLUMN).fill().status()).isEqualTo(Status.PAUSED);
        models.letAll();
        room.await(column -> room.fills.running() == 0);
        long pending = room.column().fill().cells().pending();
        assertThat(pending).isGreaterThan(0);

        reopen();
        assertThat(room.column().fill().status()).isEqualTo(Status.PAUSED);
        assertThat(room.column().fill().cells().pending()).isEqualTo(pending);
        room.columns.resume(TABLE, COLUMN);
        assertThat(room.awaitFull().fill().cells().ready()).isEqualTo(500);
    }

    @Test
    void goesOnAfterAStopInTheMiddle() throws Exception {
        models.hold(3);
        room.insertMany(500);
        room.createColumn(SMALL);
        room.await(column -> room.fills.running() == 1);
        reopen();

        assertThat(room.awaitFull().fill().cells()).isEqualTo(new CellCounts(500, 0, 0, 0));
    }

    @Test
    void endsWhenTheColumnOrTheTableIsDroppedMeanwhile() throws Exception {
        models.hold(1);
        room.insertMany(300);
        room.createColumn(SMALL);
        room.await(column -> room.fills.running() == 1);
        room.tables.dropColumn(TABLE, COLUMN);
        models.letAll();
        assertThatThrownBy(() -> room.column()).isInstanceOf(NotFoundException.class);

        models.hold(1);
        room.createColumn(SMALL);
        room.await(column -> room.fills.running() >= 1);
        room.tables.drop(TABLE);
        models.letAll();
        room.createTable();
        room.createColumn(SMALL);
        done(room.insert(EmbedMode.SYNC, "a", "granite"));
        assertThat(room.awaitFull().fill().cells().ready()).isEqualTo(1);
    }

    @Test
    void changesTheModelWithoutASearchThatMissesOrMixes() throws Exception {
        room.insertMany(300);
        room.createColumn(SMALL);
        room.awaitFull();
        models.hold(2);
        room.columns.change(TABLE, COLUMN, toModel(LARGE));
        ComputedColumn changing = room.column();
        assertThat(changing.model()).isEqualTo(SMALL);
        assertThat(Objects.requireNonNull(changing.change()).model()).isEqualTo(LARGE);
        assertThat(room.rows.schema(TABLE).columns()).extracting("name").containsExactly("id", "note", COLUMN);
        assertThat(room.nearest(SMALL, "note number 7", 1)).containsExactly("r7");
        assertThatThrownBy(() -> room.columns.change(TABLE, COLUMN, toModel(LARGE)))
                .isInstanceOf(ConflictException.class);
        done(room.update(EmbedMode.ASYNC, "r8", "changed while changing"));
        models.letAll();
        room.awaitFull();

        ComputedColumn changed = room.column();
        assertThat(changed.model()).isEqualTo(LARGE);
        assertThat(changed.dimensions()).isEqualTo(1536);
        assertThat(changed.fill().cells().ready()).isEqualTo(300);
        assertThat(room.nearest(LARGE, "changed while changing", 1)).containsExactly("r8");
        judge(room);
    }

    @Test
    void canBeRenamedAfterItsModelChanged() throws Exception {
        room.insertMany(3);
        room.createColumn(SMALL);
        room.awaitFull();
        room.columns.change(TABLE, COLUMN, toModel(LARGE));
        room.awaitFull();
        room.await(column ->
                room.rows.schema(TABLE).column(COLUMN, "").properties().get(ColumnFacts.REPLACES) == null);
        room.tables.renameColumn(TABLE, COLUMN, "other");

        assertThat(room.columns.get(TABLE, "other").model()).isEqualTo(LARGE);
    }

    @Test
    void blocksAChangeWhoseVectorsFailAndLetsItBeCancelled() throws Exception {
        room.insertMany(50);
        room.createColumn(SMALL);
        room.awaitFull();
        models.bad.add("note number 5");
        room.columns.change(TABLE, COLUMN, toModel(LARGE));
        room.await(column -> column.change() != null && column.change().fill().status() == Status.BLOCKED);
        assertThat(room.columns.failures(TABLE, COLUMN, 0, 10).cells())
                .extracting("key")
                .containsExactly("r5");
        assertThat(room.nearest(SMALL, "note number 5", 1)).containsExactly("r5");

        ComputedColumn cancelled = room.columns.cancelChange(TABLE, COLUMN);
        assertThat(cancelled.change()).isNull();
        assertThat(cancelled.fill().cells().ready()).isEqualTo(50);
        assertThatThrownBy(() -> room.columns.cancelChange(TABLE, COLUMN)).isInstanceOf(ConflictException.class);

        room.columns.change(TABLE, COLUMN, toModel(LARGE));
        room.await(column -> column.change() != null && column.change().fill().status() == Status.BLOCKED);
        models.bad.clear();
        done(room.columns.retry(TABLE, COLUMN));
        assertThat(room.awaitFull().model()).isEqualTo(LARGE);
    }

    @Test
    void refusesWhatCannotBeComputed() {
        AtomicReference<@Nullable NewComputedColumn> wanted = new AtomicReference<>();
        for (NewComputedColumn bad : List.of(
                new NewComputedColumn("vec", "none", SMALL, true, true),
                new NewComputedColumn("vec", "note", "no-such-model", true, true),
                new NewComputedColumn("row_id", "note", SMALL, true, true))) {
            wanted.set(bad);
            assertThatThrownBy(() -> room.columns.create(TABLE, bad)).isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> room.columns.create(TABLE, new NewComputedColumn("NOTE", "note", SMALL, true, true)))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> room.columns.get(TABLE, "note")).isInstanceOf(NotFoundException.class);
    }

    /** Every vector is that of its row's text in the column's model. */
    static void judge(ComputedRoom room) {
        TableSchema schema = room.rows.schema(TABLE);
        for (com.akidb.engine.Column column : schema.definition().columns()) {
            ColumnFacts.Computed computed = ColumnFacts.computed(column);
            if (computed == null) {
                continue;
            }
            int position = schema.definition().indexOf(column.name());
            for (Row row : room.all()) {
                if (row.values().get(position) instanceof float[] vector) {
                    assertThat(vector)
                            .as("row %s, column %s", row.values().getFirst(), column.name())
                            .containsExactly(ScriptedEmbedding.vector(computed.model(), (String)
                                    Objects.requireNonNull(row.values().get(1))));
                }
            }
        }
    }
}
