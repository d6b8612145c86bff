package com.akidb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.account.Rights;
import com.akidb.engine.ColumnType;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowQuery;
import com.akidb.error.AkidbException;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import com.akidb.table.Projection.TableRow;
import com.akidb.table.RowService.EmbedMode;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.RowService.RowUpdate;
import com.akidb.table.RowService.TablePage;
import com.akidb.table.RowService.TableQuery;
import com.akidb.table.TableService.NewColumn;
import com.akidb.table.TableService.NewTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows of random values, over a real engine; each failure names its seed. */
class RowPropertyTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ColumnType[] TYPES = {
        ColumnType.STRING, ColumnType.INT, ColumnType.FLOAT, ColumnType.BOOL, ColumnType.TIMESTAMP
    };
    private static TestTables tables;

    @BeforeAll
    static void open() {
        tables = new TestTables();
    }

    @AfterAll
    static void close() {
        tables.close();
    }

    private static TableSchema create(String name) {
        List<NewColumn> columns = new ArrayList<>();
        columns.add(NewColumn.of("key", ColumnType.INT));
        for (ColumnType type : TYPES) {
            columns.add(NewColumn.of("c." + TypeNames.of(type) + " \"'", type));
        }
        tables.tables().create(new NewTable(name, columns, "key"));
        return tables.rows().schema(name, Rights.ALL);
    }

    private static @Nullable Object value(ColumnType type, Random random) {
        if (random.nextInt(5) == 0) {
            return null;
        }
        return switch (type) {
            case STRING ->
                random.ints(random.nextInt(4), 32, 0x3000)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            case INT -> random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(4);
            case FLOAT -> random.nextInt(3) == 0 ? random.nextGaussian() * 1e200 : random.nextInt(4) / 2.0;
            case BOOL -> random.nextBoolean();
            case TIMESTAMP -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000L);
            case JSON, VECTOR -> throw new IllegalStateException();
        };
    }

    private static List<@Nullable Object[]> rows(int count, Random random) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            @Nullable Object[] row = new Object[1 + TYPES.length];
            row[0] = (long) i;
            for (int c = 0; c < TYPES.length; c++) {
                Object made = value(TYPES[c], random);
                row[c + 1] = made instanceof Integer number ? number.longValue() : made;
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<@Nullable Object[]> copies(List<@Nullable Object[]> rows) {
        return new ArrayList<>(rows.stream().map(row -> row.clone()).toList());
    }

    @Test
    void givesBackWhatWasPutInInEveryOrderPageByPage() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            TableSchema schema = create("ordered " + seed);
            List<@Nullable Object[]> rows = rows(120, random);
            tables.rows()
                    .insert(
                            new RowInsert(schema, copies(rows), OnConflict.ERROR, EmbedMode.SYNC),
                            TIMEOUT,
                            Account.SERVER)
                    .join();
            int column = 1 + random.nextInt(TYPES.length);
            boolean descending = random.nextBoolean();
            Comparator<@Nullable Object[]> by = Comparator.comparing(row -> row[column], RowPropertyTests::compare);
            List<@Nullable Object[]> expected = copies(rows);
            expected.sort(descending ? by.reversed() : by);

            List<List<@Nullable Object>> found = new ArrayList<>();
            String cursor = null;
            do {
                Sort sort =
                        new Sort(FieldPath.column(schema.columns().get(column).name()), descending);
                TablePage page = tables.rows()
                        .query(new TableQuery(
                                schema, schema.all(false), null, List.of(sort), 1 + random.nextInt(50), 0, cursor));
                page.rows().forEach(row -> found.add(row.values()));
                cursor = page.nextCursor();
            } while (cursor != null);

            assertThat(found)
                    .as("seed " + seed)
                    .isEqualTo(expected.stream().map(Arrays::asList).toList());
        }
    }

    /** Absent first, strings by code point. */
    private static int compare(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return a == b ? 0 : a == null ? -1 : 1;
        }
        if (a instanceof String left && b instanceof String right) {
            return Arrays.compare(
                    left.codePoints().toArray(), right.codePoints().toArray());
        }
        @SuppressWarnings("unchecked")
        Comparable<Object> left = (Comparable<Object>) a;
        return left.compareTo(b);
    }

    @Test
    void takesNoCursorThatItDidNotGive() {
        TableSchema schema = create("cursors");
        TableQuery query = new TableQuery(schema, schema.all(false), null, List.of(), 1, 0, null);
        String good = Cursors.encode(query, new RowQuery.Place(Arrays.asList("x", null, 1L, 2.5, true), 7));
        assertThat(Cursors.decode(query, good).rowId()).isEqualTo(7);
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder bad = new StringBuilder(good);
            if (random.nextBoolean()) {
                int at = random.nextInt(bad.length());
                bad.setCharAt(at, (char) (33 + random.nextInt(200)));
            } else {
                bad.setLength(random.nextInt(bad.length()));
            }
            // The last character of base64 has bits that mean nothing.
            boolean same = bad.length() == good.length()
                    && bad.substring(0, bad.length() - 1).equals(good.substring(0, good.length() - 1));
            if (!same) {
                assertThatThrownBy(() -> Cursors.decode(query, bad.toString()))
                        .as("seed " + seed)
                        .isInstanceOf(InvalidInputException.class);
            }
        }
    }

    @Test
    @SuppressWarnings("NullAway") // The compiler leaves the annotation within Map out of the record's class file.
    void letsTwoWritersChangeOneRowOneAfterTheOther() {
        TableSchema schema = create("contested");
        tables.rows()
                .insert(
                        new RowInsert(schema, rows(1, new Random(1)), OnConflict.ERROR, EmbedMode.SYNC),
                        TIMEOUT,
                        Account.SERVER)
                .join();
        String text = schema.columns().get(1).name();
        String number = schema.columns().get(2).name();
        List<CompletableFuture<?>> writes = new ArrayList<>();
        for (long i = 0; i < 200; i++) {
            Map<String, @Nullable Object> values = new HashMap<>();
            values.put(text, "v" + i);
            values.put(number, i);
            writes.add(tables.rows()
                    .update(new RowUpdate(schema, null, "0", values, EmbedMode.SYNC), TIMEOUT, Account.SERVER));
        }
        writes.forEach(CompletableFuture::join);

        TableRow row = tables.rows().get(schema, "0", schema.all(false));
        assertThat(row.values().get(1)).isEqualTo("v" + row.values().get(2));
    }

    @Test
    void failsOnlyWithNamedErrorsWhenColumnsGoWhileRowsAreReadAndWritten() {
        TableSchema schema = create("moving");
        String column = schema.columns().get(1).name();
        tables.rows()
                .insert(
                        new RowInsert(schema, rows(500, new Random(2)), OnConflict.ERROR, EmbedMode.SYNC),
                        TIMEOUT,
                        Account.SERVER)
                .join();
        CompletableFuture<Void> alterations = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 20; i++) {
                tables.tables().dropColumn("moving", column);
                tables.tables().addColumn("moving", NewColumn.of(column, ColumnType.STRING));
            }
        });
        Random random = new Random(3);
        while (!alterations.isDone()) {
            try {
                TableSchema seen = tables.rows().schema("moving", Rights.ALL);
                Predicate some = new Predicate.Compare(
                        seen.fields().resolve(column, "where"), Predicate.Operator.NOT_EQUAL, "x");
                tables.rows().query(new TableQuery(seen, seen.all(false), some, List.of(), 100, 0, null));
                int columns = seen.definition().columns().size();
                @Nullable Object[] row = new Object[columns];
                row[0] = 1_000L + random.nextInt(1_000);
                row[seen.position(column)] = "text";
                tables.rows()
                        .insert(
                                new RowInsert(
                                        seen,
                                        new ArrayList<>(List.<@Nullable Object[]>of(row)),
                                        OnConflict.REPLACE,
                                        EmbedMode.SYNC),
                                TIMEOUT,
                                Account.SERVER)
                        .join();
            } catch (AkidbException expected) {
                assertThat(expected.detail()).isNotEmpty();
            } catch (CompletionException wrapped) {
                assertThat(Objects.requireNonNull(wrapped.getCause())).isInstanceOf(AkidbException.class);
            }
        }
        alterations.join();
    }
}
