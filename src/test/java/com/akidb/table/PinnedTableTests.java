package com.akidb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.account.Rights;
import com.akidb.engine.ColumnType;
import com.akidb.engine.OnConflict;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import com.akidb.table.Projection.Selected;
import com.akidb.table.RowService.EmbedMode;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.RowService.TableQuery;
import com.akidb.table.TableService.NewColumn;
import com.akidb.table.TableService.NewTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads under which the columns of their table change. */
class PinnedTableTests {

    private final TestTables opened = new TestTables();
    private final RowService rows = opened.rows();
    private final TableDirectory directory = new TableDirectory(opened.engine());

    @BeforeEach
    void fill() {
        opened.tables()
                .create(new NewTable(
                        "t",
                        List.of(
                                NewColumn.of("id", ColumnType.STRING),
                                NewColumn.of("first", ColumnType.STRING),
                                NewColumn.of("second", ColumnType.STRING)),
                        "id"));
        List<@Nullable Object[]> all = new ArrayList<>();
        all.add(new @Nullable Object[] {"a", "one", "two"});
        rows.insert(
                        new RowInsert(rows.schema("t", Rights.ALL), all, OnConflict.ERROR, EmbedMode.SYNC),
                        Duration.ofSeconds(30),
                        Account.SERVER)
                .join();
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private static TableQuery query(TableSchema schema, Selected select) {
        return new TableQuery(schema, List.of(select), null, List.of(), 10, 0, null);
    }

    @Test
    void showsCellsUnderTheirOwnNamesThoughAColumnBeforeThemHasGone() {
        TableSchema before = rows.schema("t", Rights.ALL);
        Selected second = before.select("second", "select");
        opened.tables().dropColumn("t", "first");

        assertThat(rows.get(before, "a", List.of(second)).values()).isEqualTo(List.of("two"));
        assertThat(rows.query(query(before, second)).rows())
                .singleElement()
                .satisfies(row -> assertThat(row.values()).isEqualTo(List.of("two")));
    }

    @Test
    void saysThatAColumnHasGoneOnTheWay() {
        TableSchema before = rows.schema("t", Rights.ALL);
        Selected first = before.select("first", "select");
        opened.tables().dropColumn("t", "first");

        assertThatThrownBy(() -> rows.query(query(before, first)))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_COLUMN));
    }

    @Test
    void beginsAnewOnceForEachChange() {
        AtomicInteger attempts = new AtomicInteger();
        int columns = directory.pinnedHere(pin -> {
            TableSchema schema = pin.require("t");
            if (attempts.incrementAndGet() < 3) {
                opened.tables().addColumn("t", NewColumn.of("more" + attempts, ColumnType.INT));
            }
            return opened.engine()
                    .reader(schema.table())
                    .get("a", false)
                    .orElseThrow()
                    .values()
                    .size();
        });

        assertThat(columns).isEqualTo(5);
        assertThat(attempts).hasValue(3);
    }

    @Test
    void givesUpOnATableThatChangesUnderEveryAttempt() {
        AtomicInteger attempts = new AtomicInteger();
        assertThatThrownBy(() -> directory.pinnedHere(pin -> {
                    TableSchema schema = pin.require("t");
                    opened.tables().addColumn("t", NewColumn.of("more" + attempts.incrementAndGet(), ColumnType.INT));
                    return opened.engine().reader(schema.table()).count(null);
                }))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("try again");
    }

    @Test
    void keepsToOneTableThroughoutAnAttempt() {
        List<Boolean> same = directory.pinnedHere(pin -> {
            TableSchema first = pin.require("t");
            return Arrays.asList(pin.require("t") == first, pin.table(first) == first);
        });

        assertThat(same).containsOnly(true);
    }

    @Test
    void findsNoTableThatIsDroppedOnTheWay() {
        TableSchema before = rows.schema("t", Rights.ALL);
        opened.tables().drop("t");

        assertThatThrownBy(() -> rows.get(before, "a", List.of(before.select("id", "select"))))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("Table 't' not found");
    }
}
