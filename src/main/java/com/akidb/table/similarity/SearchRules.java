package com.akidb.table.similarity;

import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.table.SimilaritySearch;
import com.akidb.table.SimilaritySearch.Diversity;
import com.akidb.table.SimilaritySearch.Hybrid;
import com.akidb.table.SimilaritySearch.Probe;

/** What a search may ask for. */
final class SearchRules {

    private SearchRules() {}

    static void check(SimilaritySearch search) {
        range("limit", search.limit(), 1, SimilaritySearch.MAX_LIMIT);
        range("offset", search.offset(), 0, SimilaritySearch.MAX_REACH - search.limit());
        Float threshold = search.threshold();
        if (threshold != null && !Float.isFinite(threshold)) {
            throw invalid(ErrorCode.OUT_OF_RANGE, "threshold", "must be a finite number");
        }
        if (search.options().effort() != null) {
            range("ef", search.options().effort(), 1, 10_000);
        }
        if (search.hybrid() != null) {
            check(search, search.hybrid());
        }
        if (search.diversity() != null) {
            check(search, search.diversity());
        }
    }

    private static void check(SimilaritySearch search, Hybrid hybrid) {
        if (!(search.probe() instanceof Probe.Text)) {
            throw invalid(
                    ErrorCode.INVALID_ARGUMENT, "hybrid", "needs a query that is a text, whose words it searches");
        }
        if (hybrid.columns().isEmpty()) {
            throw invalid(ErrorCode.INVALID_ARGUMENT, "hybrid.columns", "must name at least one column");
        }
        for (int i = 0; i < hybrid.columns().size(); i++) {
            String field = "hybrid.columns[" + i + "]";
            if (search.schema().column(hybrid.columns().get(i), field).type() != ColumnType.STRING) {
                throw invalid(ErrorCode.WRONG_TYPE, field, "must name a column of type string");
            }
        }
        weight("hybrid.weights.similarity", hybrid.similarityWeight());
        weight("hybrid.weights.text", hybrid.textWeight());
    }

    private static void weight(String field, float weight) {
        if (!(weight >= 0) || !Float.isFinite(weight)) {
            throw invalid(ErrorCode.OUT_OF_RANGE, field, "must be a finite number, 0 or more");
        }
    }

    private static void check(SimilaritySearch search, Diversity diversity) {
        if (!(diversity.lambda() >= 0 && diversity.lambda() <= 1)) {
            throw invalid(ErrorCode.OUT_OF_RANGE, "mmr.lambda", "must be 0 to 1");
        }
        range("mmr.candidates", diversity.candidates(), 1, Diversity.MAX_CANDIDATES);
        if (search.offset() + search.limit() > Diversity.MAX_CANDIDATES) {
            throw invalid(
                    ErrorCode.OUT_OF_RANGE,
                    "offset",
                    "and limit together must be at most " + Diversity.MAX_CANDIDATES + " beside mmr");
        }
    }

    private static void range(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw invalid(ErrorCode.OUT_OF_RANGE, field, "must be " + least + " to " + most + ", got " + value);
        }
    }

    private static InvalidInputException invalid(ErrorCode code, String field, String what) {
        return new InvalidInputException(code, field + " " + what, field);
    }
}
