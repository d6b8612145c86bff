package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.engine.SearchResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Sort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Answers queries by similarity: the best rows, in the order of their scores or, if the query has one, in that. */
final class SimilarPages {

    /** Most rows that a search by similarity may go through, those that it passes over included. */
    static final int MAX_HITS = 10_000;

    private final SimilarRows similar;

    SimilarPages(SimilarRows similar) {
        this.similar = similar;
    }

    CompletableFuture<TablePage> find(
            TableQuery query, SimilarityClause similarity, boolean explain, Duration timeout, Account account) {
        RowReads.require(query);
        if (query.cursor() != null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "cursor cannot stand beside similarity; use offset", "cursor");
        }
        if (query.offset() + query.limit() > MAX_HITS) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    "offset and limit together must be at most " + MAX_HITS + " beside similarity",
                    "offset");
        }
        Projection projection = new Projection(query.schema(), query.select());
        CompletableFuture<SearchResult> found = similar.find(
                query.schema(),
                similarity,
                query.where(),
                query.limit(),
                (int) query.offset(),
                projection.needsVectors(),
                explain,
                timeout,
                account);
        CompletableFuture<TablePage> page = found.thenApply(result -> page(query, result, projection));
        Futures.cancelWith(page, found);
        return page;
    }

    private static TablePage page(TableQuery query, SearchResult result, Projection projection) {
        List<SearchResult.Hit> hits = new ArrayList<>(result.hits());
        if (!query.order().isEmpty()) {
            hits.sort(order(query));
        }
        return new TablePage(
                hits.stream().map(hit -> projection.of(hit.row(), hit.score())).toList(), null, result.explanation());
    }

    /** The query's order over hits; absent values come first when ascending, as in every order. */
    private static Comparator<SearchResult.Hit> order(TableQuery query) {
        Comparator<SearchResult.Hit> order = Comparator.comparing(hit -> 0);
        for (Sort sort : query.order()) {
            Comparator<SearchResult.Hit> by = sort.field().column().equals(RowService.SCORE)
                    ? Comparator.comparing(SearchResult.Hit::score)
                    : byValue(query.schema(), sort);
            order = order.thenComparing(sort.descending() ? by.reversed() : by);
        }
        return order;
    }

    private static Comparator<SearchResult.Hit> byValue(TableSchema schema, Sort sort) {
        if (!sort.field().path().isEmpty()) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "order_by cannot look into json columns beside similarity", "order_by");
        }
        int position = schema.position(sort.field().column());
        return Comparator.comparing(
                hit -> hit.row().values().get(position), Comparator.nullsFirst(SimilarPages::compare));
    }

    @SuppressWarnings("unchecked") // Values of one column are of one class, and all but vectors can be compared.
    private static int compare(@Nullable Object a, @Nullable Object b) {
        return ((Comparable<Object>) Objects.requireNonNull(a)).compareTo(Objects.requireNonNull(b));
    }
}
