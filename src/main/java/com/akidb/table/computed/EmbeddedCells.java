package com.akidb.table.computed;

import com.akidb.concurrent.Futures;
import com.akidb.embedding.Urgency;
import com.akidb.engine.Column;
import com.akidb.engine.Uncomputed;
import com.akidb.table.ColumnFacts;
import com.akidb.table.ColumnFacts.Computed;
import com.akidb.table.ComputedCells;
import com.akidb.table.EmbedMode;
import com.akidb.table.TableSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Computes the cells of rows that are written, or has them wait for the fill. */
final class EmbeddedCells implements ComputedCells {

    /** Longer writes go behind what people wait for one by one. */
    private static final int FEW_TEXTS = 32;

    /** About a tenth of a millisecond of tokenising. */
    private static final int CHEAP_CHARACTERS = 2_000;

    private final CellEmbedder embedder;
    private final Executor threads;

    /** @param threads where texts are tokenised that are too much work for the thread they came on */
    EmbeddedCells(CellEmbedder embedder, Executor threads) {
        this.embedder = embedder;
        this.threads = threads;
    }

    /** A computed column and where it and its source stand in rows. */
    private record Place(Column column, Computed computed, int position, int source) {}

    private static List<Place> places(TableSchema schema) {
        List<Place> places = new ArrayList<>();
        List<Column> columns = schema.definition().columns();
        for (int position = 0; position < columns.size(); position++) {
            Computed computed = ColumnFacts.computed(columns.get(position));
            if (computed != null) {
                places.add(new Place(
                        columns.get(position),
                        computed,
                        position,
                        schema.definition().indexOf(computed.source())));
            }
        }
        return places;
    }

    @Override
    public CompletableFuture<List<@Nullable Object[]>> insert(
            TableSchema schema, List<@Nullable Object[]> rows, EmbedMode mode, Duration timeout) {
        List<CompletableFuture<?>> parts = new ArrayList<>();
        for (Place place : places(schema)) {
            if (mode == EmbedMode.ASYNC) {
                for (@Nullable Object[] row : rows) {
                    row[place.position] = isBlank(row[place.source]) ? null : new Uncomputed.Pending();
                }
            } else {
                parts.add(fill(place, rows, timeout));
            }
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
        CompletableFuture<List<@Nullable Object[]>> filled = all.thenApply(done -> rows);
        filled.whenComplete((done, failure) -> parts.forEach(part -> part.cancel(true)));
        return filled;
    }

    private CompletableFuture<?> fill(Place place, List<@Nullable Object[]> rows, Duration timeout) {
        Map<String, List<@Nullable Object[]>> byText = new LinkedHashMap<>();
        for (@Nullable Object[] row : rows) {
            if (!isBlank(row[place.source])) {
                byText.computeIfAbsent((String) row[place.source], text -> new ArrayList<>(1))
                        .add(row);
            }
        }
        if (byText.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        List<String> texts = List.copyOf(byText.keySet());
        CompletableFuture<List<Object>> cells = embed(place, texts, timeout);
        CompletableFuture<Void> filled = cells.thenAccept(made -> {
            for (int i = 0; i < texts.size(); i++) {
                Object cell = made.get(i);
                byText.getOrDefault(texts.get(i), List.of()).forEach(row -> row[place.position] = cell);
            }
        });
        Futures.cancelWith(filled, cells);
        return filled;
    }

    @Override
    public CompletableFuture<Map<String, @Nullable Object>> update(
            TableSchema schema, Map<String, @Nullable Object> changed, EmbedMode mode, Duration timeout) {
        Map<String, @Nullable Object> values = new HashMap<>();
        List<CompletableFuture<?>> parts = new ArrayList<>();
        for (Place place : places(schema)) {
            String source = place.computed.source();
            if (!place.computed.autoUpdate() || !changed.containsKey(source)) {
                continue;
            }
            Object text = changed.get(source);
            if (isBlank(text)) {
                values.put(place.column.name(), null);
            } else if (mode == EmbedMode.ASYNC) {
                values.put(place.column.name(), new Uncomputed.Pending());
            } else {
                CompletableFuture<List<Object>> cells = embed(place, List.of((String) text), timeout);
                CompletableFuture<Void> part = cells.thenAccept(made -> {
                    synchronized (values) {
                        values.put(place.column.name(), made.getFirst());
                    }
                });
                Futures.cancelWith(part, cells);
                parts.add(part);
            }
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
        CompletableFuture<Map<String, @Nullable Object>> made = all.thenApply(done -> values);
        made.whenComplete((done, failure) -> parts.forEach(part -> part.cancel(true)));
        return made;
    }

    private CompletableFuture<List<Object>> embed(Place place, List<String> texts, Duration timeout) {
        Urgency urgency = texts.size() <= FEW_TEXTS ? Urgency.INTERACTIVE : Urgency.BACKGROUND;
        long characters = texts.stream().mapToLong(String::length).sum();
        return characters <= CHEAP_CHARACTERS
                ? embedder.embed(place.column, place.computed, texts, urgency, timeout)
                : Futures.callOn(threads, () -> embedder.embed(place.column, place.computed, texts, urgency, timeout));
    }

    /** Whether there is nothing to embed. */
    static boolean isBlank(@Nullable Object text) {
        return text == null || text instanceof String words && words.isEmpty();
    }
}
