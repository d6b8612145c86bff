package com.akidb.table.search;

import com.akidb.concurrent.Futures;
import com.akidb.concurrent.Patience;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Row;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.SearchResult;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TextSearch.TextHit;
import com.akidb.engine.VectorSearch;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.OverloadedException;
import com.akidb.memory.Heap;
import com.akidb.memory.RequestMemory;
import com.akidb.query.FieldPath;
import com.akidb.query.Json;
import com.akidb.query.Sort;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.ColumnModel;
import com.akidb.table.ColumnEmbedder.EmbeddedQuery;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.Projection;
import com.akidb.table.RowService;
import com.akidb.table.Search;
import com.akidb.table.Search.Diversity;
import com.akidb.table.Search.Form;
import com.akidb.table.Search.Grouping;
import com.akidb.table.Search.Hybrid;
import com.akidb.table.Search.Probe;
import com.akidb.table.Search.Ranking;
import com.akidb.table.SearchService;
import com.akidb.table.SearchService.SearchAnswer;
import com.akidb.table.SearchService.SearchAnswer.Explanation;
import com.akidb.table.SearchService.SearchAnswer.Match;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import com.akidb.text.Words;
import com.akidb.vector.Metric;
import com.akidb.vector.Vectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Searches by the engine: makes the query's vector, lets the engine find the nearest rows, and ranks them. A short search
 * that touches no disk runs on the caller's thread.
 */
public final class EngineSearch implements SearchService {

    /** Rows to look at first for groups; more are looked at if these do not fill them. */
    private static final int LEAST_FOR_GROUPS = 100;

    /** Rows to look at beyond those asked for, since equal scores may be ordered by another criterion. */
    private static final int TIES = 100;

    /** Longest text to search a table for, in characters. */
    private static final int LONGEST_TEXT = 1_000_000;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private static final List<Sort> NEAREST_FIRST = List.of(new Sort(FieldPath.column(RowService.SCORE), true));

    private final ColumnEmbedder embedder;
    private final HybridSearch hybrids;
    private final OrderedSearch ordered;
    private final Semaphore permits;
    private final Executor threads;
    private final TableDirectory tables;

    /**
     * Searches on an engine.
     *
     * @param mostAtOnce most searches under way; one more is refused at once
     * @param threads run what takes too long for the caller's thread
     */
    public EngineSearch(TableEngine engine, ColumnEmbedder embedder, int mostAtOnce, Executor threads) {
        this.embedder = embedder;
        this.permits = new Semaphore(mostAtOnce);
        this.threads = threads;
        this.tables = new TableDirectory(engine);
        this.hybrids = new HybridSearch(tables, threads);
        this.ordered = new OrderedSearch(tables);
    }

    /**
     * A vector to search with.
     *
     * @param except row to leave out; 0 for none
     * @param embedMicros time to embed a text; null if there was none
     * @param embedded the embedded text; null if there was none
     */
    record QueryVector(
            float[] vector,
            long except,
            @Nullable Long embedMicros,
            @Nullable EmbeddedQuery embedded) {}

    /**
     * What was found.
     *
     * @param truncated whether rows are missing because all would take too much memory
     * @param textCandidates rows found by words; null unless hybrid
     * @param diversityCandidates rows that diversity chose from; null unless asked for
     */
    record Found(
            List<Match> matches,
            boolean truncated,
            @Nullable SearchExplanation explanation,
            @Nullable Integer textCandidates,
            @Nullable Integer diversityCandidates) {}

    @Override
    public CompletableFuture<SearchAnswer> search(Search search) {
        return admit(() -> {
            search.check();
            long start = System.nanoTime();
            // The columns of a collection never change.
            return search.schema().isCollection()
                    ? start(search, start)
                    : tables.pinned(pin -> start(search.in(pin.table(search.schema())), start));
        });
    }

    /** Starts a search, unless too many are under way. */
    private CompletableFuture<SearchAnswer> admit(Supplier<CompletableFuture<SearchAnswer>> search) {
        if (!permits.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new OverloadedException("Too many searches at once; try again later", RETRY_AFTER));
        }
        CompletableFuture<SearchAnswer> work = Futures.call(search);
        if (work.isDone()) {
            permits.release();
            return work;
        }
        // The permit is free before the answer is out, so that whoever gets it may search again at once.
        CompletableFuture<SearchAnswer> answer = work.whenComplete((found, failure) -> permits.release());
        Futures.cancelWith(answer, work);
        return answer;
    }

    private CompletableFuture<SearchAnswer> start(Search search, long start) {
        Column column = search.vectorColumn();
        Metric metric = search.options().metric() == null
                ? Objects.requireNonNull(column.metric())
                : search.options().metric();
        Hybrid hybrid = search.ranking().hybrid();
        CompletableFuture<List<TextHit>> words = hybrid == null ? null : hybrids.words(search, hybrid);
        CompletableFuture<QueryVector> queried = Futures.call(() -> queryVector(search, column, metric));
        CompletableFuture<SearchAnswer> answer = queried.thenCompose(RequestMemory.carried(
                query -> answer(search, query, find(search, column, metric, query, words), start)));
        Futures.cancelWith(answer, queried);
        return answer;
    }

    /** The vector that a request brought; refused if it does not fit the column. */
    private static QueryVector given(Search search, Column column, Metric metric, float[] vector) {
        Vectors.requireUsable(vector, column.dimension(), metric, search.form().vector());
        return new QueryVector(vector, 0, null, null);
    }

    /** Fails with Conflict if the column's vectors are of another model than the one with this fingerprint. */
    private CompletableFuture<String> requireMadeBy(String fingerprint, Search search, Column column) {
        String field = search.form().field("model_fingerprint");
        ColumnModel model = ColumnModel.of(search.schema(), column);
        if (model == null) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    field,
                    "cannot be given: users write the vectors of '" + column.name()
                            + "', so no model is known for them");
        }
        return Futures.then(embedder.fingerprint(model), now -> {
            if (!now.equals(fingerprint)) {
                throw new ConflictException(
                        ErrorCode.MODEL_CHANGED,
                        "The vectors of '" + column.name() + "' are made by another model or another version of it"
                                + " now; embed what you search by again",
                        field);
            }
            return now;
        });
    }

    /** The vector to search with; cancelling the future drops what is queued. */
    private CompletableFuture<QueryVector> queryVector(Search search, Column column, Metric metric) {
        return switch (search.probe()) {
            case Probe.Vector(float[] vector, String fingerprint) ->
                fingerprint == null
                        ? CompletableFuture.completedFuture(given(search, column, metric, vector))
                        : Futures.then(
                                requireMadeBy(fingerprint, search, column),
                                same -> given(search, column, metric, vector));
            case Probe.Text text -> embed(search, column, text);
            case Probe.Like(String key) -> Patience.supply(threads, () -> like(search, column, key));
        };
    }

    private CompletableFuture<QueryVector> embed(Search search, Column column, Probe.Text probe) {
        String text = probe.text();
        String field = search.form().text();
        requireText(search, text, field);
        ColumnModel model = ColumnModel.of(search.schema(), column);
        if (model == null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + " must be a vector: users write the vectors of '" + column.name()
                            + "', so no model is known to embed a text for it",
                    field);
        }
        long start = System.nanoTime();
        Terms terms = Terms.waiting(search.timeout(), search.account());
        return Futures.then(
                embedder.query(model, text, probe.type(), terms, field),
                embedded -> new QueryVector(
                        embedded.vector(), 0, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start), embedded));
    }

    private static void requireText(Search search, String text, String field) {
        if (search.form() == Form.COLLECTION) {
            return; // The collection has checked its own limits.
        }
        if (text.isBlank()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, field + " cannot be empty", field);
        }
        if (text.length() > LONGEST_TEXT) {
            throw new InvalidInputException(
                    ErrorCode.TEXT_TOO_LONG,
                    field + " must be at most " + LONGEST_TEXT + " characters, got " + text.length(),
                    field);
        }
    }

    private QueryVector like(Search search, Column column, String key) {
        TableSchema schema = search.schema();
        String field = search.form().like();
        String what = schema.isCollection() && search.form() == Form.COLLECTION ? "Document" : "Row";
        Row row = TableDirectory.reading(schema, () -> tables.reader(schema).get(key, true))
                .orElseThrow(() -> new NotFoundException(
                        ErrorCode.NOT_FOUND, what + " '" + Words.shown(key) + "' not found", field));
        Object vector = row.values().get(schema.definition().indexOf(column.name()));
        if (vector == null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    what + " '" + Words.shown(key) + "' has no vector in '" + column.name() + "' to be compared with",
                    field);
        }
        return new QueryVector((float[]) Objects.requireNonNull(vector), row.rowId(), null, null);
    }

    private CompletableFuture<SearchAnswer> answer(
            Search search, QueryVector query, CompletableFuture<Found> finding, long start) {
        CompletableFuture<SearchAnswer> answer = finding.thenApply(found -> {
            List<Match> page = withinPage(found.matches());
            return new SearchAnswer(
                    search.schema(),
                    page,
                    found.truncated() || page.size() < found.matches().size(),
                    query.vector(),
                    fingerprint(search),
                    query.embedMicros(),
                    search.explain() ? explained(found, query, start) : null);
        });
        if (!answer.isDone()) {
            Futures.cancelWith(answer, finding);
        }
        return answer;
    }

    /** As many of the matches as one answer may hold, and the first one whatever its size. */
    private static List<Match> withinPage(List<Match> matches) {
        long bytes = 0;
        for (int i = 0; i < matches.size(); i++) {
            bytes += matches.get(i).row().weight();
            if (bytes > Heap.page() && i > 0) {
                return matches.subList(0, i);
            }
        }
        return matches;
    }

    private @Nullable String fingerprint(Search search) {
        ColumnModel model = ColumnModel.of(search.schema(), search.vectorColumn());
        return model == null ? null : embedder.knownFingerprint(model).orElse(null);
    }

    private static Explanation explained(Found found, QueryVector query, long start) {
        return new Explanation(
                Objects.requireNonNull(found.explanation()),
                found.textCandidates(),
                found.diversityCandidates(),
                query.embedded(),
                TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start));
    }

    private CompletableFuture<Found> find(
            Search search,
            Column column,
            Metric metric,
            QueryVector query,
            @Nullable CompletableFuture<List<TextHit>> words) {
        Ranking ranking = search.ranking();
        Hybrid hybrid = ranking.hybrid();
        if (hybrid != null && words != null) {
            VectorSearch wanted = wanted(search, column, query, hybrids.depth(search), false);
            return lookUp(search, wanted)
                    .thenCombineAsync(
                            words,
                            (result, hits) ->
                                    hybrids.fuse(search, hybrid, column, metric, query.vector(), result, hits),
                            RequestMemory.carrying(threads));
        }
        Diversity diversity = ranking.diversity();
        if (diversity != null) {
            return Patience.supply(threads, () -> diverse(search, diversity, column, metric, query));
        }
        Grouping grouping = ranking.grouping();
        if (grouping != null) {
            return Patience.supply(threads, () -> grouped(search, grouping, column, query));
        }
        if (!ranking.order().isEmpty() && !ranking.order().equals(NEAREST_FIRST)) {
            return inOrder(search, column, metric, query);
        }
        int reach = search.reach() + (query.except() == 0 ? 0 : 1);
        return lookUp(search, wanted(search, column, query, reach, search.includeVectors()))
                .thenApply(result -> new Found(
                        page(result.hits(), search, query), result.truncated(), result.explanation(), null, null));
    }

    /** The requested page of hits, without the row that was searched for. */
    private static List<Match> page(List<Hit> hits, Search search, QueryVector query) {
        List<Match> matches = new ArrayList<>(Math.min(search.limit(), hits.size()));
        int over = search.offset();
        for (Hit hit : hits) {
            if (hit.row().rowId() == query.except() || over-- > 0) {
                continue;
            }
            if (matches.size() == search.limit()) {
                break;
            }
            matches.add(new Match(hit.row(), hit.score(), null, null));
        }
        return matches;
    }

    private static VectorSearch wanted(Search search, Column column, QueryVector query, int k, boolean includeVectors) {
        return new VectorSearch(
                column.name(),
                query.vector(),
                k,
                search.where(),
                search.threshold(),
                includeVectors,
                search.explain(),
                search.options());
    }

    private CompletableFuture<SearchResult> lookUp(Search search, VectorSearch wanted) {
        return tables.reader(search.schema()).search(wanted, threads);
    }

    private CompletableFuture<Found> inOrder(Search search, Column column, Metric metric, QueryVector query) {
        List<Sort> order = search.ranking().order();
        if (!OrderedSearch.beginsWithNearest(order)) {
            CompletableFuture<SearchResult> found =
                    Patience.supply(threads, () -> ordered.find(search, column, metric, query));
            return Futures.then(
                    found,
                    result -> new Found(matches(result.hits()), result.truncated(), result.explanation(), null, null));
        }
        int k = Math.min(Search.MAX_REACH, search.reach() + TIES);
        return lookUp(search, wanted(search, column, query, k, search.includeVectors()))
                .thenApply(result -> new Found(
                        page(OrderedSearch.sorted(result.hits(), search.schema(), order), search, query),
                        result.truncated(),
                        result.explanation(),
                        null,
                        null));
    }

    private static List<Match> matches(List<Hit> hits) {
        return hits.stream()
                .map(hit -> new Match(hit.row(), hit.score(), null, null))
                .toList();
    }

    private Found diverse(Search search, Diversity diversity, Column column, Metric metric, QueryVector query) {
        int candidates = Math.max(diversity.candidates(), search.reach() + (query.except() == 0 ? 0 : 1));
        SearchResult result = tables.reader(search.schema()).search(wanted(search, column, query, candidates, true));
        List<Hit> hits = result.hits().stream()
                .filter(hit -> hit.row().rowId() != query.except())
                .toList();
        int position = search.schema().definition().indexOf(column.name());
        float[] scores = new float[hits.size()];
        float[][] vectors = new float[hits.size()][];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = hits.get(i).score();
            vectors[i] =
                    (float[]) Objects.requireNonNull(hits.get(i).row().values().get(position));
        }
        List<Hit> chosen = Diversification.choose(scores, vectors, metric, diversity.lambda(), search.reach()).stream()
                .map(hits::get)
                .toList();
        return new Found(page(chosen, search, query), result.truncated(), result.explanation(), null, hits.size());
    }

    /** Looks at ever more rows until the groups are full, all rows have been seen, or the limit is reached. */
    private Found grouped(Search search, Grouping grouping, Column column, QueryVector query) {
        int k = Math.min(Search.MAX_REACH, Math.max(LEAST_FOR_GROUPS, 2 * search.reach() * grouping.size()));
        while (true) {
            SearchResult result =
                    tables.reader(search.schema()).search(wanted(search, column, query, k, search.includeVectors()));
            List<Match> best = matches(result.hits().stream()
                    .filter(hit -> hit.row().rowId() != query.except())
                    .toList());
            Groups groups = groups(search.schema(), grouping).addAll(best);
            if (groups.isComplete(search.reach()) || result.hits().size() < k || k == Search.MAX_REACH) {
                boolean truncated = result.truncated() && !groups.isComplete(search.reach());
                return new Found(
                        groups.page(search.offset(), search.limit()), truncated, result.explanation(), null, null);
            }
            RequestMemory.reuseOfCurrent(); // The next look brings these rows again.
            k = Math.min(Search.MAX_REACH, 4 * k);
        }
    }

    static Groups groups(TableSchema schema, Grouping grouping) {
        boolean json = grouping.by().type() == ColumnType.JSON;
        return new Groups(
                match -> {
                    Object value = Projection.value(schema, grouping.by(), match.row());
                    return json && value instanceof String text ? new Json(text) : value;
                },
                grouping.size());
    }
}
