package com.akidb.table.computed;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.embedding.EmbeddingRequest.Urgency;
import com.akidb.engine.Column;
import com.akidb.engine.Uncomputed;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnFacts;
import com.akidb.table.ColumnFacts.Computed;
import com.akidb.table.ComputedCells;
import com.akidb.table.RowService.EmbedMode;
import com.akidb.table.TableSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Computes the cells of rows being written, or leaves them pending for the fill. */
public final class EmbeddedCells implements ComputedCells {

    /** Writes with more texts go behind single requests. */
    private static final int FEW_TEXTS = 32;

    private final CellEmbedder embedder;

    public EmbeddedCells(ColumnEmbedder embedder) {
        this.embedder = new CellEmbedder(embedder);
    }

    /** A computed column, with its position and its source's in rows. */
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
            TableSchema schema, List<@Nullable Object[]> rows, EmbedMode mode, Duration timeout, Account account) {
        List<CompletableFuture<?>> parts = new ArrayList<>();
        for (Place place : places(schema)) {
            Map<String, List<@Nullable Object[]>> byText = new LinkedHashMap<>();
            for (@Nullable Object[] row : rows) {
                Object text = row[place.source];
                if (!isBlank(text)) {
                    byText.computeIfAbsent((String) text, _ -> new ArrayList<>(1))
                            .add(row);
                }
            }
            parts.add(fill(place, byText, (row, cell) -> row[place.position] = cell, mode, timeout, account));
        }
        return all(parts, rows);
    }

    @Override
    public CompletableFuture<List<Map<String, @Nullable Object>>> update(
            TableSchema schema,
            List<Map<String, @Nullable Object>> changed,
            EmbedMode mode,
            Duration timeout,
            Account account) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>(changed.size());
        changed.forEach(values -> rows.add(new HashMap<>(values)));
        List<CompletableFuture<?>> parts = new ArrayList<>();
        for (Place place : places(schema)) {
            if (place.computed.autoUpdate()) {
                Map<String, List<Map<String, @Nullable Object>>> byText = new LinkedHashMap<>();
                for (Map<String, @Nullable Object> row : rows) {
                    if (row.containsKey(place.computed.source())) {
                        Object text = row.get(place.computed.source());
                        if (isBlank(text)) {
                            put(row, place, null);
                        } else {
                            byText.computeIfAbsent((String) text, _ -> new ArrayList<>(1))
                                    .add(row);
                        }
                    }
                }
                parts.add(fill(place, byText, (row, cell) -> put(row, place, cell), mode, timeout, account));
            }
        }
        return all(parts, rows);
    }

    /** Several columns may be ready at the same time. */
    private static void put(Map<String, @Nullable Object> row, Place place, @Nullable Object cell) {
        synchronized (row) {
            row.put(place.column.name(), cell);
        }
    }

    private static <T> CompletableFuture<T> all(List<CompletableFuture<?>> parts, T rows) {
        CompletableFuture<Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
        CompletableFuture<T> filled = all.thenApply(done -> rows);
        filled.whenComplete((done, failure) -> parts.forEach(part -> part.cancel(true)));
        return filled;
    }

    /** Embeds each text once, and puts what comes of it, or that it is to come, into the rows that have it. */
    private <R> CompletableFuture<?> fill(
            Place place,
            Map<String, List<R>> byText,
            BiConsumer<R, Object> put,
            EmbedMode mode,
            Duration timeout,
            Account account) {
        if (mode == EmbedMode.ASYNC) {
            account.chargeTexts(byText.size());
            byText.values().forEach(same -> same.forEach(row -> put.accept(row, new Uncomputed.Pending())));
            return CompletableFuture.completedFuture(null);
        }
        if (byText.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        List<String> texts = List.copyOf(byText.keySet());
        CompletableFuture<List<Object>> cells = embed(place, texts, timeout, account);
        CompletableFuture<Void> filled = cells.thenAccept(made -> {
            for (int i = 0; i < texts.size(); i++) {
                Object cell = made.get(i);
                byText.getOrDefault(texts.get(i), List.of()).forEach(row -> put.accept(row, cell));
            }
        });
        Futures.cancelWith(filled, cells);
        return filled;
    }

    private CompletableFuture<List<Object>> embed(Place place, List<String> texts, Duration timeout, Account account) {
        Urgency urgency = texts.size() <= FEW_TEXTS ? Urgency.INTERACTIVE : Urgency.BACKGROUND;
        return embedder.embed(place.column, place.computed, texts, urgency, timeout, account);
    }

    /** Whether there is no text to embed. */
    static boolean isBlank(@Nullable Object text) {
        return text == null || text instanceof String words && words.isEmpty();
    }
}
