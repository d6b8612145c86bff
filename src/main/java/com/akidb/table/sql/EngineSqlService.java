package com.akidb.table.sql;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.concurrent.Patience;
import com.akidb.engine.Column;
import com.akidb.engine.SelectRequest;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.memory.RequestMemory;
import com.akidb.query.Json;
import com.akidb.query.Kind;
import com.akidb.query.Select;
import com.akidb.query.SelectQuery;
import com.akidb.query.SelectReader;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.ColumnModel;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.SearchService;
import com.akidb.table.SearchService.SearchAnswer;
import com.akidb.table.SearchService.SearchAnswer.Match;
import com.akidb.table.SqlProperties;
import com.akidb.table.SqlService;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import com.akidb.vector.Vectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Parses queries, embeds the texts they compare with, and runs them: from the vector index where possible, else as selects. */
public final class EngineSqlService implements SqlService {

    private final TableEngine engine;
    private final TableDirectory tables;
    private final ColumnEmbedder embedder;
    private final SearchService searches;
    private final SqlProperties limits;
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

    public EngineSqlService(
            TableEngine engine,
            TableDirectory tables,
            ColumnEmbedder embedder,
            SearchService searches,
            SqlProperties limits) {
        this.engine = engine;
        this.tables = tables;
        this.embedder = embedder;
        this.searches = searches;
        this.limits = limits;
    }

    @Override
    public CompletableFuture<SqlAnswer> query(
            String query, List<? extends @Nullable Object> params, Duration timeout, Account account) {
        return planned(query, params, timeout, account, this::run);
    }

    @Override
    public CompletableFuture<SqlPlan> explain(
            String query, List<? extends @Nullable Object> params, Duration timeout, Account account) {
        return planned(query, params, timeout, account, this::plan);
    }

    /**
     * A select that was read, with what it takes to run it.
     *
     * @param probes vectors that it compares with, by their numbers
     * @param named the tables that it names
     * @param answer is over when nobody waits for it any more
     */
    private record Ready(
            Select select,
            List<float[]> probes,
            Map<UUID, TableSchema> named,
            Duration time,
            Terms terms,
            CompletableFuture<?> answer) {}

    private <T> CompletableFuture<T> planned(
            String query,
            List<? extends @Nullable Object> params,
            Duration timeout,
            Account account,
            Function<Ready, T> end) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Duration time = timeout.compareTo(limits.timeout()) < 0 ? timeout : limits.timeout();
        Terms terms = Terms.waiting(timeout, account);
        Supplier<T> work = RequestMemory.carried(
                () -> tables.pinnedHere(pin -> end.apply(ready(query, params, time, terms, answer, pin))));
        threads.execute(() -> {
            try {
                answer.complete(Patience.during(answer::isDone, work));
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(Futures.unwrap(e));
            }
        });
        return answer;
    }

    private Ready ready(
            String query,
            List<? extends @Nullable Object> params,
            Duration time,
            Terms terms,
            CompletableFuture<?> answer,
            TableDirectory.Pin pin) {
        SelectQuery read =
                SelectReader.read(query, params, name -> pin.require(name).named());
        Map<UUID, TableSchema> named = pin.tables();
        check(read.probes(), named);
        List<float[]> probes = vectors(read.probes(), named, terms);
        return new Ready(read.select(), probes, named, time, terms, answer);
    }

    private SqlAnswer run(Ready ready) {
        Select select = ready.select();
        List<String> names = select.items().stream().map(Select.Item::name).toList();
        NearestSelect nearest = nearest(ready);
        if (nearest != null) {
            List<Match> found = search(nearest, ready, false).matches();
            // With fewer hits, rows without a vector belong to the answer as well, which only a select finds.
            if (found.size() == nearest.limit()) {
                return new SqlAnswer(
                        names,
                        found.stream().map(match -> row(match, nearest, select)).toList());
            }
        }
        return new SqlAnswer(names, engine.select(request(ready)));
    }

    private SqlPlan plan(Ready ready) {
        NearestSelect nearest = nearest(ready);
        SearchAnswer answered = nearest == null ? null : search(nearest, ready, true);
        boolean whole =
                nearest != null && answered != null && answered.matches().size() == nearest.limit();
        return new SqlPlan(
                answered == null ? null : answered.explanation(), whole ? List.of() : engine.explain(request(ready)));
    }

    /** The form in which the vector index answers a select; null if it does not. */
    private @Nullable NearestSelect nearest(Ready ready) {
        NearestSelect nearest = NearestSelect.of(ready.select(), ready.named());
        return nearest != null && nearest.limit() <= limits.maxRows() ? nearest : null;
    }

    private SearchAnswer search(NearestSelect nearest, Ready ready, boolean explain) {
        float[] probe = ready.probes().get(nearest.probe());
        CompletableFuture<SearchAnswer> search = searches.search(
                nearest.search(probe, explain, ready.time(), ready.terms().account()));
        Futures.cancelWith(ready.answer(), search);
        SearchAnswer answered = answer(search, nearest.table());
        Table searched = answered.schema().table();
        searched.requireColumns(nearest.table().table().columnsVersion());
        return answered;
    }

    private SelectRequest request(Ready ready) {
        return new SelectRequest(
                ready.select(),
                ready.named().values().stream().map(TableSchema::table).toList(),
                ready.probes(),
                limits.maxRows(),
                limits.maxAnswer().toBytes(),
                ready.time(),
                ready.answer()::isDone);
    }

    /** Waits for a search. If columns changed under it, that is its failure, so that the whole query is repeated. */
    private SearchAnswer answer(CompletableFuture<SearchAnswer> search, TableSchema table) {
        try {
            return search.join();
        } catch (CompletionException e) {
            // The search has repeated itself with columns that the query's vectors were not made for.
            TableSchema now = tables.now(table);
            if (now != null) {
                now.table().requireColumns(table.table().columnsVersion());
            }
            throw e;
        }
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

    /**
     * Refuses probes that cannot be compared with their columns.
     *
     * @param tables the tables that the query names
     */
    private static void check(List<SelectQuery.Probe> probes, Map<UUID, TableSchema> tables) {
        for (SelectQuery.Probe probe : probes) {
            Column column = column(probe, tables);
            switch (probe.value()) {
                case float[] vector -> Vectors.requireDimension(vector.length, column.dimension(), probe.field());
                case String _ -> model(probe, tables);
                case null, default ->
                    throw new InvalidInputException(
                            ErrorCode.WRONG_TYPE,
                            probe.field() + " must be a text or a vector to compare with",
                            probe.field());
            }
        }
    }

    /** The vectors of checked probes: those given, and those of texts, which are embedded; blocks. */
    private List<float[]> vectors(List<SelectQuery.Probe> probes, Map<UUID, TableSchema> tables, Terms terms) {
        List<float[]> vectors = new ArrayList<>();
        for (SelectQuery.Probe probe : probes) {
            vectors.add(
                    probe.value() instanceof String text
                            ? embedder.query(model(probe, tables), text, null, terms, probe.field())
                                    .join()
                                    .vector()
                            : (float[]) Objects.requireNonNull(probe.value()));
        }
        return vectors;
    }

    private static TableSchema table(SelectQuery.Probe probe, Map<UUID, TableSchema> tables) {
        return Objects.requireNonNull(tables.get(probe.table().table()));
    }

    private static Column column(SelectQuery.Probe probe, Map<UUID, TableSchema> tables) {
        return table(probe, tables).column(probe.column(), probe.field());
    }

    private static ColumnModel model(SelectQuery.Probe probe, Map<UUID, TableSchema> tables) {
        ColumnModel model = ColumnModel.of(table(probe, tables), column(probe, tables));
        if (model == null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    probe.field() + " must be a vector, since column '" + probe.column()
                            + "' has no model that would embed a text",
                    probe.field());
        }
        return model;
    }
}
