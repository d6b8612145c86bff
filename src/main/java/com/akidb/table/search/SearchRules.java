package com.akidb.table.search;

import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Sort;
import com.akidb.table.RowService;
import com.akidb.table.Search;
import com.akidb.table.Search.Diversity;
import com.akidb.table.Search.Form;
import com.akidb.table.Search.Grouping;
import com.akidb.table.Search.Hybrid;
import com.akidb.table.Search.Ranking;
import java.util.List;

/** What a search may ask for. */
final class SearchRules {

    private static final int MAX_EFFORT = 10_000;

    private SearchRules() {}

    static void check(Search search) {
        Form form = search.form();
        range(form.limit(), search.limit(), 1, form.mostRows());
        if (form == Form.QUERY && (long) search.offset() + search.limit() > Search.MAX_REACH) {
            throw invalid(
                    ErrorCode.OUT_OF_RANGE,
                    "offset",
                    "and limit together must be at most " + Search.MAX_REACH + " beside similarity");
        }
        range("offset", search.offset(), 0, Search.MAX_REACH - search.limit());
        Float threshold = search.threshold();
        if (threshold != null && !Float.isFinite(threshold)) {
            throw invalid(ErrorCode.OUT_OF_RANGE, form.field("threshold"), "must be a finite number");
        }
        if (search.options().effort() != null) {
            range(form.field("ef"), search.options().effort(), 1, MAX_EFFORT);
        }
        if (search.ranking() != Ranking.BY_SIMILARITY) {
            check(search, search.ranking());
        }
    }

    private static void check(Search search, Ranking ranking) {
        if (ranking.hybrid() != null) {
            check(search, ranking.hybrid());
        }
        if (ranking.diversity() != null) {
            check(search, ranking.diversity());
        }
        if (ranking.grouping() != null) {
            check(search, ranking.grouping());
        }
        if (!ranking.order().isEmpty()) {
            check(search, ranking.order());
        }
    }

    private static void check(Search search, Hybrid hybrid) {
        Form form = search.form();
        if (hybrid.words() == null) {
            throw invalid(
                    ErrorCode.INVALID_ARGUMENT,
                    form.field("hybrid"),
                    "needs a query that is a text, whose words it searches");
        }
        if (hybrid.columns().isEmpty()) {
            throw invalid(ErrorCode.INVALID_ARGUMENT, form.field("hybrid.columns"), "must name at least one column");
        }
        for (int i = 0; i < hybrid.columns().size(); i++) {
            String field = form.field("hybrid.columns[" + i + "]");
            if (search.schema().column(hybrid.columns().get(i), field).type() != ColumnType.STRING) {
                throw invalid(ErrorCode.WRONG_TYPE, field, "must name a column of type string");
            }
        }
        weight(form.field("hybrid.weights.similarity"), hybrid.similarityWeight());
        weight(form.field("hybrid.weights.text"), hybrid.textWeight());
    }

    private static void weight(String field, float weight) {
        if (!(weight >= 0) || !Float.isFinite(weight)) {
            throw invalid(ErrorCode.OUT_OF_RANGE, field, "must be a finite number, 0 or more");
        }
    }

    private static void check(Search search, Diversity diversity) {
        Form form = search.form();
        if (!(diversity.lambda() >= 0 && diversity.lambda() <= 1)) {
            throw invalid(ErrorCode.OUT_OF_RANGE, form.field("mmr.lambda"), "must be 0 to 1");
        }
        range(form.field("mmr.candidates"), diversity.candidates(), 1, Diversity.MAX_CANDIDATES);
        if (search.reach() > Diversity.MAX_CANDIDATES) {
            throw invalid(
                    ErrorCode.OUT_OF_RANGE,
                    "offset",
                    "and " + form.limit() + " together must be at most " + Diversity.MAX_CANDIDATES + " beside mmr");
        }
    }

    private static void check(Search search, Grouping grouping) {
        Form form = search.form();
        if (search.ranking().diversity() != null) {
            throw invalid(
                    ErrorCode.INVALID_ARGUMENT,
                    form.field("group"),
                    "cannot be used together with mmr; use one of them");
        }
        range(form.field("group.size"), grouping.size(), 1, Grouping.MAX_SIZE);
        if (search.limit() * grouping.size() > Grouping.MAX_ROWS) {
            throw invalid(
                    ErrorCode.OUT_OF_RANGE,
                    form.limit(),
                    "times group.size must be at most " + Grouping.MAX_ROWS + " rows");
        }
    }

    private static void check(Search search, List<Sort> order) {
        Ranking ranking = search.ranking();
        String other = ranking.hybrid() != null
                ? "hybrid"
                : ranking.diversity() != null ? "mmr" : ranking.grouping() != null ? "group" : null;
        if (other != null) {
            throw invalid(
                    ErrorCode.INVALID_ARGUMENT,
                    "order_by",
                    "cannot be used together with " + search.form().field(other) + ", which has an order of its own");
        }
        FieldPath score = FieldPath.column(RowService.SCORE);
        if (order.stream().anyMatch(sort -> sort.field().equals(score))
                && order.stream().anyMatch(sort -> !sort.field().path().isEmpty())) {
            throw invalid(
                    ErrorCode.INVALID_ARGUMENT, "order_by", "cannot look into json columns beside " + RowService.SCORE);
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
