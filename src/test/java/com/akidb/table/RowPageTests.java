package com.akidb.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Account;
import com.akidb.account.Rights;
import com.akidb.engine.ColumnType;
import com.akidb.engine.OnConflict;
import com.akidb.table.RowService.EmbedMode;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.RowService.RowUpdate;
import com.akidb.table.RowService.TablePage;
import com.akidb.table.RowService.TableQuery;
import com.akidb.table.TableService.NewColumn;
import com.akidb.table.TableService.NewTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What pages of rows promise. */
class RowPageTests {

    private static final int ROWS = 2_000;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final TestTables opened = new TestTables();
    private final RowService rows = opened.rows();

    @AfterEach
    void close() {
        opened.close();
    }

    private TableSchema filled(String text) {
        opened.tables()
                .create(new NewTable(
                        "t",
                        List.of(NewColumn.of("n", ColumnType.INT), NewColumn.of("text", ColumnType.STRING)),
                        null));
        TableSchema schema = rows.schema("t", Rights.ALL);
        List<@Nullable Object[]> all = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            @Nullable Object[] row = new Object[schema.definition().columns().size()];
            java.util.Arrays.fill(row, RowInsert.ABSENT);
            row[schema.position("n")] = 0L;
            row[schema.position("text")] = text;
            all.add(row);
        }
        rows.insert(new RowInsert(schema, all, OnConflict.ERROR, EmbedMode.SYNC), LONG, Account.SERVER)
                .join();
        return schema;
    }

    private TablePage page(TableSchema schema, @Nullable String cursor) {
        return rows.query(new TableQuery(
                schema,
                List.of(schema.select("n", "select"), schema.select("text", "select")),
                null,
                List.of(),
                ROWS,
                0,
                cursor));
    }

    @Test
    void showsALongPageAsOfOneCommit() {
        TableSchema schema = filled("short");
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (long n = 1; !enough.get(); n++) {
                rows.update(new RowUpdate(schema, null, null, Map.of("n", n), EmbedMode.SYNC), LONG, Account.SERVER)
                        .join();
            }
        });
        List<Object> seen = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            List<@Nullable Object> values = page(schema, null).rows().stream()
                    .<@Nullable Object>map(row -> row.values().getFirst())
                    .distinct()
                    .toList();
            assertThat(values).hasSize(1);
            seen.addAll(values);
        }
        enough.set(true);
        writer.join();
        assertThat(seen.getLast()).as("the table changed meanwhile").isNotEqualTo(seen.getFirst());
    }

    @Test
    void endsAPageOfLargeRowsEarlyAndGoesOnFromThere() {
        TableSchema schema = filled("x".repeat(10_000));
        List<Integer> sizes = new ArrayList<>();
        String cursor = null;
        do {
            TablePage page = page(schema, cursor);
            sizes.add(page.rows().size());
            cursor = page.nextCursor();
        } while (cursor != null);
        assertThat(sizes).hasSizeGreaterThan(1);
        assertThat(sizes.getFirst()).isBetween(500, 1_000);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(ROWS);
    }
}
