package com.akidb.table.computed;

import static com.akidb.table.computed.ComputedRoom.COLUMN;
import static com.akidb.table.computed.ComputedRoom.SMALL;
import static com.akidb.table.computed.ComputedRoom.TABLE;
import static com.akidb.table.computed.ComputedRoom.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.CellCounts;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import com.akidb.table.ComputedColumnService.ComputedColumn;
import com.akidb.table.ComputedColumnService.ComputedColumn.Status;
import com.akidb.table.RowService.EmbedMode;
import org.junit.jupiter.api.Test;

/** Fills that wait, rest, are cut off and go on. */
class ComputedFillTests extends ComputedFixture {

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
}
