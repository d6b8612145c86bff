package com.akidb.engine.embedded;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.Uncomputed;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the crash test. What a client does is a function of the seed, so the process that is killed and the
 * one that judges it agree without talking. Each client has keys of its own. Clients write texts; vectors are computed
 * from the texts by others, and columns and indexes come and go meanwhile.
 */
final class CrashOperations {

    static final int CLIENTS = 6;
    static final int DIMENSION = 8;

    /** A word that every text has. */
    static final String WORD = "doc";

    /** What every row has in the scalar column that comes and goes. */
    static final Long EXTRA = 7L;

    private static final int KEYS = 40;
    private static final int MOST_ROWS = 8;

    private final long seed;

    CrashOperations(long seed) {
        this.seed = seed;
    }

    /** What a client does in its place number {@code index}: ids and texts only. */
    Mutation operation(int client, int index) {
        Random random = new Random(seed * 1_000_003 + client * 10_007L + index * 101L);
        random.nextLong();
        int rows = 1 + random.nextInt(MOST_ROWS);
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            keys.add(prefix(client) + random.nextInt(KEYS));
        }
        int kind = random.nextInt(12);
        if (kind < 2) {
            return new Mutation.Delete(new RowSelection.Keys(keys));
        }
        if (kind == 2) {
            return new Mutation.Delete(new RowSelection.Where(new Predicate.And(List.of(
                    new Predicate.Like(FieldPath.column("id"), prefix(client) + "%"),
                    new Predicate.Like(FieldPath.column("text"), "%/" + random.nextInt(8) + " %")))));
        }
        if (kind < 5) {
            String text = text(random, index, rows);
            return new Mutation.Update(new RowSelection.Keys(keys), Map.of("text", text));
        }
        OnConflict onConflict = kind < 10 ? OnConflict.REPLACE : kind == 10 ? OnConflict.IGNORE : OnConflict.ERROR;
        List<List<@Nullable Object>> values = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            values.add(Arrays.asList(keys.get(i), text(random, index, i)));
        }
        return new Mutation.Insert(values, onConflict);
    }

    private String text(Random random, int index, int i) {
        return seed + "/" + index + "/" + i + " " + WORD + " " + "x".repeat(random.nextInt(200));
    }

    static String prefix(int client) {
        return "client" + client + "-";
    }

    /** The operation with values for all columns that there are: vectors are to be computed. */
    static Mutation fitted(Mutation operation, TableDefinition table) {
        return switch (operation) {
            case Mutation.Insert(List<List<@Nullable Object>> rows, OnConflict onConflict) ->
                new Mutation.Insert(rows.stream().map(row -> fitted(row, table)).toList(), onConflict);
            case Mutation.Update(RowSelection rows, Map<String, @Nullable Object> values) -> {
                Map<String, Object> all = new HashMap<>();
                values.forEach((name, value) -> all.put(name, Objects.requireNonNull(value)));
                for (Column column : table.columns()) {
                    if (column.type() == ColumnType.VECTOR) {
                        all.put(column.name(), new Uncomputed.Pending());
                    }
                }
                yield new Mutation.Update(rows, Map.copyOf(all));
            }
            default -> operation;
        };
    }

    private static List<@Nullable Object> fitted(List<@Nullable Object> row, TableDefinition table) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Column column : table.columns()) {
            values.add(
                    switch (column.name()) {
                        case "id" -> row.get(0);
                        case "text" -> row.get(1);
                        case "extra" -> EXTRA;
                        default -> column.type() == ColumnType.VECTOR ? new Uncomputed.Pending() : null;
                    });
        }
        return values;
    }

    /** Told by the text and the column, so that a vector beside the wrong text or in the wrong column is noticed. */
    static float[] vector(String text, Column column) {
        Random random = new Random((text + column.properties()).hashCode());
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    /** What a client's rows are after an operation: texts by key. */
    static Map<String, String> after(Map<String, String> before, Mutation operation) {
        Map<String, String> rows = new HashMap<>(before);
        switch (operation) {
            case Mutation.Delete(RowSelection.Keys(List<String> keys)) -> keys.forEach(rows::remove);
            case Mutation.Delete(RowSelection.Where(Predicate condition)) -> {
                Predicate.Like like =
                        (Predicate.Like) ((Predicate.And) condition).terms().getLast();
                String part = like.pattern().substring(1, like.pattern().length() - 1);
                rows.values().removeIf(text -> text.contains(part));
            }
            case Mutation.Update(RowSelection.Keys(List<String> keys), Map<String, @Nullable Object> values) ->
                keys.forEach(key -> rows.replace(key, String.valueOf(values.get("text"))));
            case Mutation.Insert insert -> {
                for (List<@Nullable Object> row : insert.rows()) {
                    String key = String.valueOf(row.get(0));
                    String text = String.valueOf(row.get(1));
                    String there = rows.putIfAbsent(key, text);
                    if (there != null && insert.onConflict() == OnConflict.ERROR) {
                        return before;
                    }
                    if (there != null && insert.onConflict() == OnConflict.REPLACE) {
                        rows.put(key, text);
                    }
                }
            }
            default -> throw new IllegalArgumentException("no operation of a client: " + operation);
        }
        return rows;
    }
}
