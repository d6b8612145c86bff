package com.akidb.table.sql;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.concurrent.Patience;
import com.akidb.engine.SelectEngine;
import com.akidb.engine.SelectRequest;
import com.akidb.query.Json;
import com.akidb.query.Kind;
import com.akidb.query.Select;
import com.akidb.query.SelectQuery;
import com.akidb.query.SelectReader;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.SearchService;
import com.akidb.table.SearchService.SearchAnswer;
import com.akidb.table.SearchService.SearchAnswer.Match;
import com.akidb.table.SqlProperties;
import com.akidb.table.SqlService;
import com.akidb.table.SqlService.SqlAnswer;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Reads queries, embeds what they compare with, and has them run: by the vector index where it can, else as selects. */
public final class EngineSqlService implements SqlService {

    private final SelectEngine selects;
    private final TableDirectory tables;
    private final ProbeVectors vectors;
    private final SearchService searches;
    private final SqlProperties limits;
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

    public EngineSqlService(
            SelectEngine selects,
            TableDirectory tables,
            ColumnEmbedder embedder,
            SearchService searches,
            SqlProperties limits) {
        this.selects = selects;
        this.tables = tables;
        this.vectors = new ProbeVectors(embedder);
        this.searches = searches;
        this.limits = limits;
    }

    @Override
    public CompletableFuture<SqlAnswer> query(
            String query, List<? extends @Nullable Object> params, Duration timeout, Account account) {
        CompletableFuture<SqlAnswer> answer = new CompletableFuture<>();
        Duration time = timeout.compareTo(limits.timeout()) < 0 ? timeout : limits.timeout();
        threads.execute(() -> {
            try {
                Terms terms = Terms.waiting(timeout, account);
                answer.complete(Patience.during(
                        answer::isDone, () -> tables.pinnedHere(pin -> once(query, params, time, terms, answer, pin))));
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(Futures.unwrap(e));
            }
        });
        return answer;
    }

    private SqlAnswer once(
            String query,
            List<? extends @Nullable Object> params,
            Duration time,
            Terms terms,
            CompletableFuture<SqlAnswer> answer,
            TableDirectory.Pin pin) {
        SelectQuery read =
                SelectReader.read(query, params, name -> pin.require(name).named());
        Map<UUID, TableSchema> named = pin.tables();
        vectors.check(read.probes(), named);
        List<float[]> probes = vectors.of(read.probes(), named, terms);
        return run(read.select(), probes, named, time, terms, answer);
    }

    private SqlAnswer run(
            Select select,
            List<float[]> probes,
            Map<UUID, TableSchema> named,
            Duration time,
            Terms terms,
            CompletableFuture<SqlAnswer> answer) {
        List<String> names = select.items().stream().map(Select.Item::name).toList();
        NearestSelect nearest = NearestSelect.of(select, named);
        if (nearest != null && nearest.limit() <= limits.maxRows()) {
            CompletableFuture<SearchAnswer> search =
                    searches.search(nearest.search(probes.get(nearest.probe()), time, terms.account()));
            Futures.cancelWith(answer, search);
            List<Match> found = search.join().matches();
            // With fewer hits rows without a vector come in too, which only the general way knows.
            if (found.size() == nearest.limit()) {
                return new SqlAnswer(
                        names,
                        found.stream().map(match -> row(match, nearest, select)).toList());
            }
        }
        return new SqlAnswer(
                names,
                selects.select(new SelectRequest(
                        select, probes, limits.maxRows(), limits.maxAnswer().toBytes(), time, answer::isDone)));
    }

    private static List<@Nullable Object> row(Match match, NearestSelect nearest, Select select) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (int i = 0; i < nearest.cells().size(); i++) {
            int position = nearest.cells().get(i);
            Object cell = position == NearestSelect.SCORE
                    ? Double.valueOf(match.score())
                    : match.row().values().get(position);
            boolean json = select.items().get(i).value().kind() == Kind.JSON;
            cells.add(json && cell instanceof String text ? new Json(text) : cell);
        }
        return cells;
    }
}
