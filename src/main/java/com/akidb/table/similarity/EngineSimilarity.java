package com.akidb.table.similarity;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.SearchResult;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TextSearch.TextHit;
import com.akidb.engine.VectorSearch;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Predicate;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.Projection;
import com.akidb.table.SimilarRows;
import com.akidb.table.SimilarityAnswer;
import com.akidb.table.SimilarityAnswer.Explanation;
import com.akidb.table.SimilarityAnswer.Match;
import com.akidb.table.SimilarityClause;
import com.akidb.table.SimilaritySearch;
import com.akidb.table.SimilaritySearch.Diversity;
import com.akidb.table.SimilaritySearch.Probe;
import com.akidb.table.SimilarityService;
import com.akidb.table.TableSchema;
import com.akidb.table.TypeNames;
import com.akidb.table.similarity.Probes.Sought;
import com.akidb.vector.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Search by similarity on the engine. A search that is short and touches no disk is done in the thread it came on. */
final class EngineSimilarity implements SimilarityService, SimilarRows {

    private final TableEngine engine;
    private final Probes probes;
    private final HybridSearch hybrids;
    private final SearchThreads threads;
    private final SteadyModel models;

    EngineSimilarity(TableEngine engine, Probes probes, HybridSearch hybrids, SearchThreads threads) {
        this.engine = engine;
        this.probes = probes;
        this.hybrids = hybrids;
        this.threads = threads;
        this.models = new SteadyModel(engine);
    }

    @Override
    public CompletableFuture<SimilarityAnswer> search(SimilaritySearch search, Account account) {
        return threads.admit(() -> {
            SearchRules.check(search);
            return models.search(
                    search.schema(),
                    search.column(),
                    schema -> start(schema, search, Terms.waiting(search.timeout(), account), System.nanoTime()));
        });
    }

    @Override
    public CompletableFuture<SearchResult> find(
            TableSchema schema,
            SimilarityClause similarity,
            @Nullable Predicate where,
            int limit,
            int offset,
            boolean includeVectors,
            boolean explain,
            Duration timeout,
            Account account) {
        return threads.admit(() -> models.search(schema, similarity.column(), current -> {
            Column column = column(current, similarity.column(), "similarity.column");
            Probe probe = similarity.vector() == null
                    ? new Probe.Text(Objects.requireNonNullElse(similarity.query(), ""))
                    : new Probe.Vector(similarity.vector());
            Metric metric = Objects.requireNonNull(column.metric());
            CompletableFuture<Sought> sought =
                    probes.seek(current, column, probe, metric, Terms.waiting(timeout, account));
            CompletableFuture<SearchResult> found = sought.thenCompose(vector -> lookUp(
                            current,
                            new VectorSearch(
                                    column.name(),
                                    vector.vector(),
                                    offset + limit,
                                    where,
                                    similarity.threshold(),
                                    includeVectors,
                                    explain)))
                    .thenApply(result ->
                            new SearchResult(result.hits().stream().skip(offset).toList(), result.explanation()));
            Futures.cancelWith(found, sought);
            return found;
        }));
    }

    static Column column(TableSchema schema, String name, String field) {
        Column column = schema.column(name, field);
        if (column.type() != ColumnType.VECTOR) {
            throw new InvalidInputException(
                    ErrorCode.WRONG_TYPE,
                    field + " must name an embedding column; '" + column.name() + "' is of type "
                            + TypeNames.of(column.type()),
                    field);
        }
        return column;
    }

    private CompletableFuture<SimilarityAnswer> start(
            TableSchema schema, SimilaritySearch search, Terms terms, long start) {
        Column column = column(schema, search.column(), "column");
        Metric metric = search.options().metric() == null
                ? Objects.requireNonNull(column.metric())
                : search.options().metric();
        CompletableFuture<List<TextHit>> words = search.hybrid() == null ? null : hybrids.words(schema, search);
        CompletableFuture<Sought> sought =
                Futures.call(() -> probes.seek(schema, column, search.probe(), metric, terms));
        CompletableFuture<Found> found =
                sought.thenCompose(vector -> find(schema, column, metric, search, vector, words));
        Futures.cancelWith(found, sought);
        CompletableFuture<SimilarityAnswer> answer = found.thenApply(matches -> new SimilarityAnswer(
                matches.matches(),
                sought.join().vector(),
                search.explain() ? explained(sought.join(), matches, start) : null));
        Futures.cancelWith(answer, found);
        return answer;
    }

    /**
     * @param textCandidates null if words were not searched
     * @param diversityCandidates null if diversity was not asked for
     */
    record Found(
            List<Match> matches,
            @Nullable SearchExplanation explanation,
            @Nullable Integer textCandidates,
            @Nullable Integer diversityCandidates) {}

    private CompletableFuture<Found> find(
            TableSchema schema,
            Column column,
            Metric metric,
            SimilaritySearch search,
            Sought sought,
            @Nullable CompletableFuture<List<TextHit>> words) {
        Projection projection = new Projection(schema, search.select());
        Diversity diversity = search.diversity();
        int reach = search.offset() + search.limit() + (sought.except() == 0 ? 0 : 1);
        if (words != null) {
            return lookUp(schema, wanted(search, column, sought, hybrids.depth(search), false))
                    .thenCombineAsync(
                            words,
                            (result, hits) -> hybrids.fuse(
                                    schema, column, metric, search, projection, sought.vector(), result, hits),
                            threads.executor());
        }
        if (diversity != null) {
            int candidates = Math.max(diversity.candidates(), reach);
            VectorSearch wanted = wanted(search, column, sought, candidates, true);
            return threads.supply(() ->
                    diverse(schema, column, metric, search, projection, sought, engine.search(schema.id(), wanted)));
        }
        return lookUp(schema, wanted(search, column, sought, reach, projection.needsVectors()))
                .thenApply(result -> new Found(
                        result.hits().stream()
                                .filter(hit -> hit.row().rowId() != sought.except())
                                .skip(search.offset())
                                .limit(search.limit())
                                .map(hit -> new Match(projection.of(hit.row(), hit.score()), null))
                                .toList(),
                        result.explanation(),
                        null,
                        null));
    }

    private static VectorSearch wanted(
            SimilaritySearch search, Column column, Sought sought, int k, boolean includeVectors) {
        return new VectorSearch(
                column.name(),
                sought.vector(),
                k,
                search.where(),
                search.threshold(),
                includeVectors,
                search.explain(),
                search.options());
    }

    private CompletableFuture<SearchResult> lookUp(TableSchema schema, VectorSearch wanted) {
        return engine.search(schema.id(), wanted, threads.executor());
    }

    private static Found diverse(
            TableSchema schema,
            Column column,
            Metric metric,
            SimilaritySearch search,
            Projection projection,
            Sought sought,
            SearchResult result) {
        List<Hit> hits = result.hits().stream()
                .filter(hit -> hit.row().rowId() != sought.except())
                .toList();
        int position = schema.definition().indexOf(column.name());
        float[] scores = new float[hits.size()];
        float[][] vectors = new float[hits.size()][];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = hits.get(i).score();
            vectors[i] =
                    (float[]) Objects.requireNonNull(hits.get(i).row().values().get(position));
        }
        float lambda = Objects.requireNonNull(search.diversity()).lambda();
        List<Match> matches =
                Diversification.choose(scores, vectors, metric, lambda, search.offset() + search.limit()).stream()
                        .skip(search.offset())
                        .map(chosen -> new Match(
                                projection.of(
                                        hits.get(chosen).row(), hits.get(chosen).score()),
                                null))
                        .toList();
        return new Found(matches, result.explanation(), null, hits.size());
    }

    private static Explanation explained(Sought sought, Found found, long start) {
        return new Explanation(
                Objects.requireNonNull(found.explanation()),
                found.textCandidates(),
                found.diversityCandidates(),
                sought.embedMicros(),
                TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start));
    }
}
