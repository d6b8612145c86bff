package com.akidb.table.sql;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.engine.SearchResult;
import com.akidb.engine.SelectEngine;
import com.akidb.engine.SelectStatement;
import com.akidb.engine.TableEngine;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.SqlAnswer;
import com.akidb.table.SqlProperties;
import com.akidb.table.SqlService;
import com.akidb.table.TableDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import net.sf.jsqlparser.statement.select.PlainSelect;
import org.jspecify.annotations.Nullable;

/** Reads queries, embeds what they compare with, and runs what it wrote of them. */
public final class EngineSqlService implements SqlService {

    private final TableEngine engine;
    private final SelectEngine selects;
    private final TableDirectory tables;
    private final ColumnEmbedder embedder;
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
        this.embedder = embedder;
        this.limits = limits;
    }

    @Override
    public CompletableFuture<SqlAnswer> query(
            String query, List<? extends @Nullable Object> params, Duration timeout, Account account) {
        CompletableFuture<SqlAnswer> answer = new CompletableFuture<>();
        Duration time = timeout.compareTo(limits.timeout()) < 0 ? timeout : limits.timeout();
        threads.execute(() -> {
            try {
                Translation translation = translate(query, params);
                embed(translation.vectors(), Terms.waiting(timeout, account));
                if (!answer.isDone()) {
                    answer.complete(run(translation, time, answer));
                }
            } catch (StackOverflowError e) {
                answer.completeExceptionally(Refusals.refused("is nested too deep"));
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(Futures.unwrap(e));
            }
        });
        return answer;
    }

    private Translation translate(String query, List<? extends @Nullable Object> params) {
        PlainSelect select = SelectReader.read(query);
        Values values = new Values(params);
        QueryVectors vectors = new QueryVectors();
        Pieces pieces = new Pieces();
        List<Source.Output> columns = new Selects(tables, values, vectors).write(select, null, pieces);
        values.requireAllUsed();
        return new Translation(columns, pieces, NearestSelect.of(select, tables, values, vectors, params), vectors);
    }

    private void embed(QueryVectors vectors, Terms terms) {
        for (QueryVectors.Text text : vectors.missing()) {
            vectors.put(
                    text,
                    embedder.query(text.column(), text.text(), terms, Refusals.QUERY)
                            .join());
        }
    }

    private SqlAnswer run(Translation translation, Duration time, CompletableFuture<SqlAnswer> answer) {
        List<String> names =
                translation.columns().stream().map(Source.Output::name).toList();
        if (translation.nearest().isPresent()) {
            NearestSelect nearest = translation.nearest().get();
            SearchResult found = engine.search(nearest.table().id(), nearest.search());
            // With fewer hits rows without a vector come in too, which only the general way knows.
            if (found.hits().size() == nearest.limit() && nearest.limit() <= limits.maxRows()) {
                return new SqlAnswer(
                        names,
                        found.hits().stream()
                                .map(hit -> row(hit, nearest, translation))
                                .toList());
            }
        }
        List<List<@Nullable Object>> rows = selects.select(new SelectStatement(
                translation.select().parts(),
                limits.maxRows(),
                limits.maxAnswer().toBytes(),
                time,
                answer::isDone));
        for (List<@Nullable Object> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                row.set(i, translation.columns().get(i).kind().shown(row.get(i)));
            }
        }
        return new SqlAnswer(names, rows);
    }

    private static List<@Nullable Object> row(SearchResult.Hit hit, NearestSelect nearest, Translation translation) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (int i = 0; i < nearest.cells().size(); i++) {
            int position = nearest.cells().get(i);
            Object cell = position == NearestSelect.SCORE
                    ? Double.valueOf(hit.score())
                    : hit.row().values().get(position);
            boolean json = translation.columns().get(i).kind() == Kind.JSON;
            cells.add(json && cell instanceof String text ? new SqlAnswer.Json(text) : cell);
        }
        return cells;
    }
}
