package com.akidb.table.sql;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.concurrent.Patience;
import com.akidb.engine.SearchResult;
import com.akidb.engine.SelectEngine;
import com.akidb.engine.SelectRequest;
import com.akidb.engine.TableEngine;
import com.akidb.engine.VectorSearch;
import com.akidb.query.Json;
import com.akidb.query.Kind;
import com.akidb.query.Select;
import com.akidb.query.SelectQuery;
import com.akidb.query.SelectReader;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.SqlAnswer;
import com.akidb.table.SqlProperties;
import com.akidb.table.SqlService;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Reads queries, embeds what they compare with, and has them run: by the vector index where it can, else as selects. */
public final class EngineSqlService implements SqlService {

    /** More than one change during a query is hard to hit. */
    private static final int TRIES = 3;

    private final TableEngine engine;
    private final SelectEngine selects;
    private final TableDirectory tables;
    private final ProbeVectors vectors;
    private final SqlProperties limits;
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

    public EngineSqlService(
            TableEngine engine,
            SelectEngine selects,
            TableDirectory tables,
            ColumnEmbedder embedder,
            SqlProperties limits) {
        this.engine = engine;
        this.selects = selects;
        this.tables = tables;
        this.vectors = new ProbeVectors(embedder);
        this.limits = limits;
    }

    @Override
    public CompletableFuture<SqlAnswer> query(
            String query, List<? extends @Nullable Object> params, Duration timeout, Account account) {
        CompletableFuture<SqlAnswer> answer = new CompletableFuture<>();
        Duration time = timeout.compareTo(limits.timeout()) < 0 ? timeout : limits.timeout();
        threads.execute(() -> {
            try {
                answer.complete(Patience.during(
                        answer::isDone, () -> steady(query, params, time, Terms.waiting(timeout, account), answer)));
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(Futures.unwrap(e));
            }
        });
        return answer;
    }

    /** Answers, and again if a table that the query names got other columns meanwhile, such as one of another model. */
    private SqlAnswer steady(
            String query,
            List<? extends @Nullable Object> params,
            Duration time,
            Terms terms,
            CompletableFuture<SqlAnswer> answer) {
        for (int tries = TRIES; ; tries--) {
            Map<UUID, TableSchema> named = new HashMap<>();
            try {
                SqlAnswer found = once(query, params, time, terms, answer, named);
                if (tries == 1 || !isChanged(named)) {
                    return found;
                }
            } catch (RuntimeException e) {
                if (tries == 1 || answer.isDone() || !isChanged(named)) {
                    throw e;
                }
            }
        }
    }

    private boolean isChanged(Map<UUID, TableSchema> named) {
        return named.values().stream()
                .anyMatch(table -> engine.find(table.id())
                        .filter(now -> !now.definition()
                                .columns()
                                .equals(table.definition().columns()))
                        .isPresent());
    }

    private SqlAnswer once(
            String query,
            List<? extends @Nullable Object> params,
            Duration time,
            Terms terms,
            CompletableFuture<SqlAnswer> answer,
            Map<UUID, TableSchema> named) {
        SelectQuery read = SelectReader.read(query, params, name -> {
            TableSchema table = tables.require(name);
            named.putIfAbsent(table.id(), table);
            return table.named();
        });
        vectors.check(read.probes(), named);
        List<float[]> probes = vectors.of(read.probes(), named, terms);
        return run(read.select(), probes, named, time, answer);
    }

    private SqlAnswer run(
            Select select,
            List<float[]> probes,
            Map<UUID, TableSchema> named,
            Duration time,
            CompletableFuture<SqlAnswer> answer) {
        List<String> names = select.items().stream().map(Select.Item::name).toList();
        NearestSelect nearest = NearestSelect.of(select, named);
        if (nearest != null && nearest.limit() <= limits.maxRows()) {
            SearchResult found = engine.search(
                    nearest.table().id(),
                    new VectorSearch(
                            nearest.column(),
                            probes.get(nearest.probe()),
                            nearest.limit(),
                            nearest.where(),
                            null,
                            false,
                            false));
            // With fewer hits rows without a vector come in too, which only the general way knows.
            if (found.hits().size() == nearest.limit()) {
                return new SqlAnswer(
                        names,
                        found.hits().stream()
                                .map(hit -> row(hit, nearest, select))
                                .toList());
            }
        }
        return new SqlAnswer(
                names,
                selects.select(new SelectRequest(
                        select, probes, limits.maxRows(), limits.maxAnswer().toBytes(), time, answer::isDone)));
    }

    private static List<@Nullable Object> row(SearchResult.Hit hit, NearestSelect nearest, Select select) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (int i = 0; i < nearest.cells().size(); i++) {
            int position = nearest.cells().get(i);
            Object cell = position == NearestSelect.SCORE
                    ? Double.valueOf(hit.score())
                    : hit.row().values().get(position);
            boolean json = select.items().get(i).value().kind() == Kind.JSON;
            cells.add(json && cell instanceof String text ? new Json(text) : cell);
        }
        return cells;
    }
}
