package com.akidb.table.search;

import com.akidb.concurrent.Patience;
import com.akidb.engine.Column;
import com.akidb.engine.Row;
import com.akidb.engine.SearchResult;
import com.akidb.engine.TextSearch;
import com.akidb.engine.TextSearch.TextHit;
import com.akidb.error.InvalidInputException;
import com.akidb.table.Search;
import com.akidb.table.Search.Diversity;
import com.akidb.table.Search.Form;
import com.akidb.table.Search.Grouping;
import com.akidb.table.Search.Hybrid;
import com.akidb.table.SearchService.SearchAnswer.Match;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import com.akidb.table.search.EngineSearch.Found;
import com.akidb.table.search.Fusion.Fused;
import com.akidb.table.search.Fusion.VectorHit;
import com.akidb.text.Words;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Search by vectors and by words, joined by {@link Fusion}. */
final class HybridSearch {

    /** Least length of both lists: a row far down in one may be first in the other. */
    private static final int LEAST_DEPTH = 100;

    private final TableDirectory tables;
    private final Executor threads;

    HybridSearch(TableDirectory tables, Executor threads) {
        this.tables = tables;
        this.threads = threads;
    }

    int depth(Search search) {
        Grouping grouping = search.ranking().grouping();
        int rows = grouping == null ? search.reach() : Math.min(Search.MAX_REACH, search.reach() * grouping.size());
        return Math.max(Math.max(LEAST_DEPTH, candidates(search)), 2 * rows);
    }

    private static int candidates(Search search) {
        Diversity diversity = search.ranking().diversity();
        return diversity == null ? 0 : Math.max(diversity.candidates(), search.reach());
    }

    /** Searches by words, while the query is embedded. */
    CompletableFuture<List<TextHit>> words(Search search, Hybrid hybrid) {
        TextSearch wanted =
                new TextSearch(hybrid.columns(), Objects.requireNonNull(hybrid.words()), depth(search), search.where());
        return Patience.supply(threads, () -> searchText(search, wanted));
    }

    private List<TextHit> searchText(Search search, TextSearch wanted) {
        try {
            return tables.reader(search.schema()).searchText(wanted);
        } catch (InvalidInputException e) {
            throw noTextIndex(search, e);
        }
    }

    private static InvalidInputException noTextIndex(Search search, InvalidInputException e) {
        if (search.form() == Form.COLLECTION) {
            return new InvalidInputException(
                    e.code(),
                    "hybrid: the texts of this collection have no index of words; PUT /collections/"
                            + search.schema().id() + "/text-index makes one",
                    "hybrid");
        }
        String field = search.form().field("hybrid.columns");
        return new InvalidInputException(
                e.code(),
                field + ": " + e.detail() + "; POST /api/v1/tables/"
                        + Words.shown(search.schema().name()) + "/indexes/text makes one",
                field);
    }

    /**
     * Joins both lists. Rows found only by words must reach the threshold as well, by their stored vectors. Diversity then
     * chooses from the best of the joined list.
     *
     * @param result of the search by vectors, after filter and threshold
     * @param hits of the search by words, after the filter
     */
    Found fuse(
            Search search,
            Hybrid hybrid,
            Column column,
            Metric metric,
            float[] vector,
            SearchResult result,
            List<TextHit> hits) {
        TableSchema schema = search.schema();
        boolean truncated = result.truncated();
        Map<Long, Row> rows = new HashMap<>();
        List<VectorHit> byVector = new ArrayList<>(result.hits().size());
        for (SearchResult.Hit hit : result.hits()) {
            rows.put(hit.row().rowId(), hit.row());
            byVector.add(new VectorHit(hit.row().rowId(), hit.score()));
        }
        List<TextHit> byText = search.threshold() == null
                ? hits
                : similarEnough(schema, column, metric, search.threshold(), vector, rows.keySet(), hits);
        List<Fused> fused = Fusion.fuse(byVector, byText, hybrid);
        Diversity diversity = search.ranking().diversity();
        Grouping grouping = search.ranking().grouping();
        if (grouping != null) {
            boolean cut = read(schema, search.includeVectors(), fused, rows);
            Groups groups = EngineSearch.groups(schema, grouping).addAll(matches(fused, rows));
            return new Found(
                    groups.page(search.offset(), search.limit()),
                    truncated || cut,
                    result.explanation(),
                    hits.size(),
                    null);
        }
        @Nullable Integer candidates = null;
        if (diversity != null) {
            List<Fused> best = fused.subList(0, Math.min(fused.size(), candidates(search)));
            candidates = best.size();
            truncated |= read(schema, true, best, rows);
            int position = schema.definition().indexOf(column.name());
            fused = unlike(best, rows, position, metric, diversity, search.reach());
        }
        List<Fused> page =
                fused.stream().skip(search.offset()).limit(search.limit()).toList();
        if (diversity == null) {
            truncated |= read(schema, search.includeVectors(), page, rows);
        }
        return new Found(matches(page, rows), truncated, result.explanation(), hits.size(), candidates);
    }

    private static List<Match> matches(List<Fused> fused, Map<Long, Row> rows) {
        return fused.stream()
                .filter(each -> rows.containsKey(each.rowId()))
                .map(each -> new Match(
                        Objects.requireNonNull(rows.get(each.rowId())), (float) each.score(), each.ranks(), null))
                .toList();
    }

    /** Chooses relevant rows that differ. A row's relevance is its score as a fraction of the best score. */
    private static List<Fused> unlike(
            List<Fused> best, Map<Long, Row> rows, int position, Metric metric, Diversity diversity, int count) {
        float[] relevance = new float[best.size()];
        float[] @Nullable [] vectors = new float[best.size()][];
        for (int i = 0; i < relevance.length; i++) {
            double top = best.getFirst().score();
            relevance[i] = top == 0 ? 0 : (float) (best.get(i).score() / top);
            Row row = rows.get(best.get(i).rowId());
            vectors[i] = row == null ? null : (float[]) row.values().get(position);
        }
        return Diversification.choose(relevance, vectors, metric, diversity.lambda(), count).stream()
                .map(best::get)
                .toList();
    }

    private List<TextHit> similarEnough(
            TableSchema schema,
            Column column,
            Metric metric,
            float threshold,
            float[] vector,
            Set<Long> known,
            List<TextHit> hits) {
        long[] unknown = hits.stream()
                .mapToLong(TextHit::rowId)
                .filter(row -> !known.contains(row))
                .toArray();
        int position = schema.definition().indexOf(column.name());
        Map<Long, Boolean> passes = new HashMap<>();
        for (Row row : tables.reader(schema).rows(unknown, true)) {
            if (row != null && row.values().get(position) instanceof float[] stored) {
                passes.put(row.rowId(), metric.score(vector, stored) >= threshold);
            }
        }
        return hits.stream()
                .filter(hit -> known.contains(hit.rowId()) || passes.getOrDefault(hit.rowId(), false))
                .toList();
    }

    /**
     * Reads the rows that the search by vectors did not return; if vectors are to be shown, all of them.
     *
     * @return whether some were left out because all would take too much memory
     */
    private boolean read(TableSchema schema, boolean vectors, List<Fused> page, Map<Long, Row> rows) {
        long[] missing = page.stream()
                .mapToLong(Fused::rowId)
                .filter(row -> vectors || !rows.containsKey(row))
                .toArray();
        if (missing.length == 0) {
            return false;
        }
        List<@Nullable Row> read = tables.reader(schema).rows(missing, vectors);
        for (@Nullable Row row : read) {
            if (row != null) {
                rows.put(row.rowId(), row);
            }
        }
        return read.size() < missing.length;
    }
}
