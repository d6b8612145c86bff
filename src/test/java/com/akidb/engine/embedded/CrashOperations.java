package com.akidb.engine.embedded;

import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the crash test. What a client does is a function of the seed, so the process that is killed and the
 * one that judges it agree without talking. Each client has keys of its own.
 */
final class CrashOperations {

    static final int CLIENTS = 6;
    static final int DIMENSION = 8;
    private static final int KEYS = 40;
    private static final int MOST_ROWS = 8;

    private final long seed;

    CrashOperations(long seed) {
        this.seed = seed;
    }

    /** What a client does in its place number {@code index}. */
    Mutation operation(int client, int index) {
        Random random = new Random(seed * 1_000_003 + client * 10_007L + index * 101L);
        random.nextLong();
        int rows = 1 + random.nextInt(MOST_ROWS);
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            keys.add(prefix(client) + random.nextInt(KEYS));
        }
        int kind = random.nextInt(10);
        if (kind < 2) {
            return new Mutation.Delete(new RowSelection.Keys(keys));
        }
        OnConflict onConflict = kind < 8 ? OnConflict.REPLACE : kind == 8 ? OnConflict.IGNORE : OnConflict.ERROR;
        List<List<@Nullable Object>> values = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            String text = seed + "/" + index + "/" + i + " " + "x".repeat(random.nextInt(200));
            values.add(Fixtures.document(keys.get(i), text, vector(text)));
        }
        return new Mutation.Insert(values, onConflict);
    }

    static String prefix(int client) {
        return "client" + client + "-";
    }

    /** Told by the text, so that a vector beside the wrong text is noticed. */
    static float[] vector(String text) {
        Random random = new Random(text.hashCode());
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
            case Mutation.Delete delete ->
                ((RowSelection.Keys) delete.rows()).keys().forEach(rows::remove);
            case Mutation.Update _, Mutation.Recompute _, Mutation.Fill _ -> throw new UnsupportedOperationException();
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
        }
        return rows;
    }
}
