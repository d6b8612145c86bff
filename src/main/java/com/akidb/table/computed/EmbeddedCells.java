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
            Map<String, List<@Nullable Object[]>> byText = byText(place, rows);
            if (mode == EmbedMode.ASYNC) {
                account.chargeTexts(byText.size());
                byText.values().forEach(same -> same.forEach(row -> row[place.position] = new Uncomputed.Pending()));
            } else if (!byText.isEmpty()) {
                parts.add(fill(place, byText, timeout, account));
            }
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
        CompletableFuture<List<@Nullable Object[]>> filled = all.thenApply(done -> rows);
        filled.whenComplete((done, failure) -> parts.forEach(part -> part.cancel(true)));
        return filled;
    }

    /** The rows with a text to embed, by text. */
    private static Map<String, List<@Nullable Object[]>> byText(Place place, List<@Nullable Object[]> rows) {
        Map<String, List<@Nullable Object[]>> byText = new LinkedHashMap<>();
        for (@Nullable Object[] row : rows) {
            if (!isBlank(row[place.source])) {
                byText.computeIfAbsent((String) row[place.source], text -> new ArrayList<>(1))
                        .add(row);
            }
        }
        return byText;
    }

    private CompletableFuture<?> fill(
            Place place, Map<String, List<@Nullable Object[]>> byText, Duration timeout, Account account) {
        List<String> texts = List.copyOf(byText.keySet());
        CompletableFuture<List<Object>> cells = embed(place, texts, timeout, account);
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
            TableSchema schema,
            Map<String, @Nullable Object> changed,
            EmbedMode mode,
            Duration timeout,
            Account account) {
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
                account.chargeTexts(1);
                values.put(place.column.name(), new Uncomputed.Pending());
            } else {
                CompletableFuture<List<Object>> cells = embed(place, List.of((String) text), timeout, account);
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

    private CompletableFuture<List<Object>> embed(Place place, List<String> texts, Duration timeout, Account account) {
        Urgency urgency = texts.size() <= FEW_TEXTS ? Urgency.INTERACTIVE : Urgency.BACKGROUND;
        return embedder.embed(place.column, place.computed, texts, urgency, timeout, account);
    }

    /** Whether there is no text to embed. */
    static boolean isBlank(@Nullable Object text) {
        return text == null || text instanceof String words && words.isEmpty();
    }
}
