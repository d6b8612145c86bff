package com.akidb.table.computed;

import com.akidb.account.Account;
import com.akidb.account.Rights;
import com.akidb.table.ComputedColumnService.ComputedChange;
import com.akidb.table.RowService.EmbedMode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

/**
 * The process that the crash test kills: fills a column, changes its model, and changes rows meanwhile, without end. It
 * prints a line for each step, and {@code text id number} when a row has been given a text.
 */
final class FillVictim {

    static final String MARK = "> ";

    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.err);

    private FillVictim() {}

    public static void main(String[] arguments) throws InterruptedException {
        Random random = new Random(Long.parseLong(arguments[1]));
        ComputedRoom room = ComputedRoom.filling(Path.of(arguments[0]), new ScriptedEmbedding());
        say("open");
        if (room.tables.list(Rights.ALL).isEmpty()) {
            room.createTable();
        }
        if (room.rows.count(room.rows.schema(ComputedRoom.TABLE, Rights.ALL), null) == 0) {
            room.insertMany(300);
        }
        if (room.columns.list(ComputedRoom.TABLE).isEmpty()) {
            room.createColumn(ComputedRoom.SMALL);
        }
        say("made");
        while (true) {
            String id = "r" + random.nextInt(300);
            int number = random.nextInt(1_000_000);
            EmbedMode mode = random.nextBoolean() ? EmbedMode.SYNC : EmbedMode.ASYNC;
            try {
                ComputedRoom.done(room.update(mode, id, "text " + number));
                say("text " + id + " " + number);
            } catch (RuntimeException changing) {
                // The columns changed while the request was on its way; a user would try again.
            }
            if (random.nextInt(10) == 0 && room.column().change() == null) {
                String other =
                        room.column().model().equals(ComputedRoom.SMALL) ? ComputedRoom.LARGE : ComputedRoom.SMALL;
                room.columns.change(
                        ComputedRoom.TABLE, ComputedRoom.COLUMN, new ComputedChange(other, null, null), Account.SERVER);
                say("changing");
            }
        }
    }

    private static void say(String line) {
        try {
            OUT.write((MARK + line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
