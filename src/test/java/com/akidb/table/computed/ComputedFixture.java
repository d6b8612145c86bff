package com.akidb.table.computed;

import static com.akidb.table.computed.ComputedRoom.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Rights;
import com.akidb.engine.Row;
import com.akidb.table.ColumnFacts;
import com.akidb.table.TableSchema;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A table whose notes are embedded by models that a test can steer. */
abstract class ComputedFixture {

    @TempDir
    Path directory;

    final ScriptedEmbedding models = new ScriptedEmbedding();
    ComputedRoom room;

    @BeforeEach
    void open() {
        room = ComputedRoom.filling(directory, models);
        room.createTable();
    }

    @AfterEach
    void close() {
        room.close();
    }

    void reopen() {
        room.close();
        room = ComputedRoom.filling(directory, models);
    }

    /** Every vector is that of its row's text in the column's model. */
    static void judge(ComputedRoom room) {
        TableSchema schema = room.rows.schema(TABLE, Rights.ALL);
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
