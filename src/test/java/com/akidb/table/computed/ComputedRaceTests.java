package com.akidb.table.computed;

import static com.akidb.table.computed.ComputedRoom.COLUMN;
import static com.akidb.table.computed.ComputedRoom.LARGE;
import static com.akidb.table.computed.ComputedRoom.SMALL;
import static com.akidb.table.computed.ComputedRoom.TABLE;
import static com.akidb.table.computed.ComputedRoom.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.engine.ColumnType;
import com.akidb.error.ConflictException;
import com.akidb.table.ComputedColumnService.ComputedChange;
import com.akidb.table.RowService.EmbedMode;
import com.akidb.table.TableService.NewColumn;
import org.junit.jupiter.api.Test;

/** Writes during which the columns change. */
class ComputedRaceTests extends ComputedFixture {

    @Test
    void makesAWriteAnewWhenComputedColumnsChangeOnItsWay() throws Exception {
        done(room.insert(EmbedMode.SYNC, "a", "granite"));
        room.onTheWay.add(() -> {
            room.createColumn(SMALL);
            full();
        });
        assertThat(done(room.update(EmbedMode.SYNC, "a", "basalt")).updated()).isEqualTo(1);
        full();
        assertThat(room.nearest(SMALL, "granite", 1)).isEmpty();
        assertThat(room.nearest(SMALL, "basalt", 1)).containsExactly("a");

        room.onTheWay.add(
                () -> room.columns.change(TABLE, COLUMN, new ComputedChange(null, false, null), Account.SERVER));
        done(room.update(EmbedMode.SYNC, "a", "slate"));
        assertThat(room.nearest(SMALL, "basalt", 1)).containsExactly("a");

        room.onTheWay.add(() -> {
            room.columns.change(TABLE, COLUMN, new ComputedChange(LARGE, null, null), Account.SERVER);
            full();
        });
        assertThat(done(room.insert(EmbedMode.SYNC, "b", "gneiss")).inserted()).isEqualTo(1);
        assertThat(room.nearest(LARGE, "gneiss", 1)).containsExactly("b");
        assertThat(room.onTheWay).isEmpty();
    }

    private void full() {
        try {
            room.awaitFull();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void tellsWhoWritesToTryAgainWhenOtherColumnsChangeOnTheWay() {
        room.onTheWay.add(() -> room.tables.addColumn(TABLE, NewColumn.of("more", ColumnType.INT)));
        assertThatThrownBy(() -> done(room.insert(EmbedMode.SYNC, "a", "granite")))
                .hasCauseInstanceOf(ConflictException.class)
                .hasMessageContaining("try again");
        assertThat(done(room.insert(EmbedMode.SYNC, "a", "granite")).inserted()).isEqualTo(1);
    }
}
