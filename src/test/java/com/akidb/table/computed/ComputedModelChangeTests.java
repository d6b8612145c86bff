package com.akidb.table.computed;

import static com.akidb.table.computed.ComputedRoom.COLUMN;
import static com.akidb.table.computed.ComputedRoom.LARGE;
import static com.akidb.table.computed.ComputedRoom.SMALL;
import static com.akidb.table.computed.ComputedRoom.TABLE;
import static com.akidb.table.computed.ComputedRoom.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.account.Rights;
import com.akidb.error.ConflictException;
import com.akidb.table.ComputedColumnService.ComputedChange;
import com.akidb.table.ComputedColumnService.ComputedColumn;
import com.akidb.table.ComputedColumnService.ComputedColumn.Status;
import com.akidb.table.ComputedColumnService.Recomputed;
import com.akidb.table.RowService.EmbedMode;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Another model for a column that has vectors. */
class ComputedModelChangeTests extends ComputedFixture {

    private static ComputedChange toModel(String model) {
        return new ComputedChange(model, null, null);
    }

    @Test
    void changesTheModelWithoutASearchThatMissesOrMixes() throws Exception {
        room.insertMany(300);
        room.createColumn(SMALL);
        room.awaitFull();
        models.hold(2);
        room.columns.change(TABLE, COLUMN, toModel(LARGE), Account.SERVER);
        ComputedColumn changing = room.column();
        assertThat(changing.model()).isEqualTo(SMALL);
        assertThat(Objects.requireNonNull(changing.change()).model()).isEqualTo(LARGE);
        assertThat(room.rows.schema(TABLE, Rights.ALL).columns())
                .extracting("name")
                .containsExactly("id", "note", COLUMN);
        assertThat(room.nearest(SMALL, "note number 7", 1)).containsExactly("r7");
        assertThatThrownBy(() -> room.columns.change(TABLE, COLUMN, toModel(LARGE), Account.SERVER))
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
        room.columns.change(TABLE, COLUMN, toModel(LARGE), Account.SERVER);
        room.awaitFull();
        room.tables.renameColumn(TABLE, COLUMN, "other");

        assertThat(room.columns.get(TABLE, "other").model()).isEqualTo(LARGE);
    }

    @Test
    void blocksAChangeWhoseVectorsFailAndLetsItBeCancelled() throws Exception {
        room.insertMany(50);
        room.createColumn(SMALL);
        room.awaitFull();
        models.bad.add("note number 5");
        room.columns.change(TABLE, COLUMN, toModel(LARGE), Account.SERVER);
        room.await(column -> column.change() != null && column.change().fill().status() == Status.BLOCKED);
        assertThat(room.columns.failures(TABLE, COLUMN, 0, 10).cells())
                .extracting("key")
                .containsExactly("r5");
        assertThat(room.nearest(SMALL, "note number 5", 1)).containsExactly("r5");

        ComputedColumn cancelled = room.columns.cancelChange(TABLE, COLUMN);
        assertThat(cancelled.change()).isNull();
        assertThat(cancelled.fill().cells().ready()).isEqualTo(50);
        assertThatThrownBy(() -> room.columns.cancelChange(TABLE, COLUMN)).isInstanceOf(ConflictException.class);

        room.columns.change(TABLE, COLUMN, toModel(LARGE), Account.SERVER);
        room.await(column -> column.change() != null && column.change().fill().status() == Status.BLOCKED);
        models.bad.clear();
        assertThat(done(room.columns.retry(TABLE, COLUMN, Duration.ofSeconds(20), Account.SERVER)))
                .isEqualTo(new Recomputed(1, 0, 0, 0));
        assertThat(room.awaitFull().model()).isEqualTo(LARGE);
    }
}
