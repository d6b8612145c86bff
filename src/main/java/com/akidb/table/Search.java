package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.VectorSearch;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import com.akidb.table.Projection.Selected;
import com.akidb.table.RowService.TableQuery;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A similarity search over the rows of a table or the documents of a collection.
 *
 * @param column the embedding column to search
 * @param probe what to compare rows with
 * @param limit most rows (or groups, if rows are grouped), 1 to the form's {@link Form#mostRows}
 * @param offset rows (or groups) to skip, 0 or more; with the limit at most {@value #MAX_REACH}
 * @param where the rows to search; null for all
 * @param threshold lowest similarity, inclusive; null for none
 * @param includeVectors whether the rows of the answer have their vectors
 * @param options metric and effort; {@link VectorSearch.Options#DEFAULT} for the column's own
 * @param ranking what decides besides similarity; {@link Ranking#BY_SIMILARITY} for nothing
 * @param explain whether the answer says how rows were found
 * @param form the names of these fields in the caller's request, for failures
 * @param account charged for a text that is embedded
 */
public record Search(
        TableSchema schema,
        String column,
        Probe probe,
        int limit,
        int offset,
        @Nullable Predicate where,
        @Nullable Float threshold,
        boolean includeVectors,
        VectorSearch.Options options,
        Ranking ranking,
        boolean explain,
        Form form,
        Duration timeout,
        Account account) {

    public static final int DEFAULT_LIMIT = 10;

    /** Most rows of one answer, except within a query. */
    public static final int MAX_LIMIT = 1_000;

    /** Most rows that a search looks through, including those it skips. */
    public static final int MAX_REACH = 10_000;

    /** Highest effort that a search may ask for. */
    public static final int MAX_EFFORT = 10_000;

    /** How many rows the search has to find, including those it skips. */
    public int reach() {
        return offset + limit;
    }

    /**
     * The column that is searched.
     *
     * @throws InvalidInputException if it does not exist or is not an embedding column
     */
    public Column vectorColumn() {
        String field = form.field("column");
        Column found = schema.column(column, field);
        if (found.type() != ColumnType.VECTOR) {
            throw new InvalidInputException(
                    ErrorCode.WRONG_TYPE,
                    field + " must name an embedding column; '" + column + "' is of type " + TypeNames.of(found.type()),
                    field);
        }
        return found;
    }

    /**
     * Checks limits and combinations.
     *
     * @throws InvalidInputException that names a field as the form does
     */
    public void check() {
        range(form.limit(), limit, 1, form.mostRows());
        if (form == Form.QUERY && (long) offset + limit > MAX_REACH) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE,
                    "offset",
                    "and limit together must be at most " + MAX_REACH + " beside similarity");
        }
        range("offset", offset, 0, MAX_REACH - limit);
        if (threshold != null && !Float.isFinite(threshold)) {
            throw InvalidInputException.of(ErrorCode.OUT_OF_RANGE, form.field("threshold"), "must be a finite number");
        }
        if (options.effort() != null) {
            range(form.field("ef"), options.effort(), 1, MAX_EFFORT);
        }
        if (ranking.hybrid != null) {
            checkHybrid(ranking.hybrid);
        }
        if (ranking.diversity != null) {
            checkDiversity(ranking.diversity);
        }
        if (ranking.grouping != null) {
            checkGrouping(ranking.grouping);
        }
        if (!ranking.order.isEmpty()) {
            checkOrder(ranking.order);
        }
    }

    private void checkHybrid(Hybrid hybrid) {
        if (hybrid.words() == null) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    form.field("hybrid"),
                    "needs a query that is a text, whose words it searches");
        }
        if (hybrid.columns().isEmpty()) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT, form.field("hybrid.columns"), "must name at least one column");
        }
        for (int i = 0; i < hybrid.columns().size(); i++) {
            String field = form.field("hybrid.columns[" + i + "]");
            if (schema.column(hybrid.columns().get(i), field).type() != ColumnType.STRING) {
                throw InvalidInputException.of(ErrorCode.WRONG_TYPE, field, "must name a column of type string");
            }
        }
        weight(form.field("hybrid.weights.similarity"), hybrid.similarityWeight());
        weight(form.field("hybrid.weights.text"), hybrid.textWeight());
    }

    private static void weight(String field, float weight) {
        if (!(weight >= 0) || !Float.isFinite(weight)) {
            throw InvalidInputException.of(ErrorCode.OUT_OF_RANGE, field, "must be a finite number, 0 or more");
        }
    }

    private void checkDiversity(Diversity diversity) {
        if (!(diversity.lambda() >= 0 && diversity.lambda() <= 1)) {
            throw InvalidInputException.of(ErrorCode.OUT_OF_RANGE, form.field("mmr.lambda"), "must be 0 to 1");
        }
        range(form.field("mmr.candidates"), diversity.candidates(), 1, Diversity.MAX_CANDIDATES);
        if (reach() > Diversity.MAX_CANDIDATES) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE,
                    "offset",
                    "and " + form.limit() + " together must be at most " + Diversity.MAX_CANDIDATES + " beside mmr");
        }
    }

    private void checkGrouping(Grouping grouping) {
        if (ranking.diversity != null) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    form.field("group"),
                    "cannot be used together with mmr; use one of them");
        }
        range(form.field("group.size"), grouping.size(), 1, Grouping.MAX_SIZE);
        if (limit * grouping.size() > Grouping.MAX_ROWS) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE,
                    form.limit(),
                    "times group.size must be at most " + Grouping.MAX_ROWS + " rows");
        }
    }

    private void checkOrder(List<Sort> order) {
        String other = ranking.hybrid() != null
                ? "hybrid"
                : ranking.diversity() != null ? "mmr" : ranking.grouping() != null ? "group" : null;
        if (other != null) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "order_by",
                    "cannot be used together with " + form.field(other) + ", which has an order of its own");
        }
        FieldPath score = FieldPath.column(RowService.SCORE);
        if (order.stream().anyMatch(sort -> sort.field().equals(score))
                && order.stream().anyMatch(sort -> !sort.field().path().isEmpty())) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT, "order_by", "cannot look into json columns beside " + RowService.SCORE);
        }
    }

    private static void range(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE, field, "must be " + least + " to " + most + ", got " + value);
        }
    }

    /** The same search in the table as of another moment. */
    public Search in(TableSchema other) {
        return other == schema
                ? this
                : new Search(
                        other,
                        column,
                        probe,
                        limit,
                        offset,
                        where,
                        threshold,
                        includeVectors,
                        options,
                        ranking,
                        explain,
                        form,
                        timeout,
                        account);
    }

    /** What to compare rows with. */
    public sealed interface Probe {

        /**
         * A text, which is embedded with the column's model.
         *
         * @param type the kind of text; null for the model's default in searches
         */
        record Text(String text, @Nullable InputType type) implements Probe {}

        /**
         * A vector of the column's dimension.
         *
         * @param fingerprint of the model that has made it, which must be the column's; null if the caller does not say
         */
        record Vector(float[] vector, @Nullable String fingerprint) implements Probe {

            /** A vector of which nobody says what has made it. */
            public Vector(float[] vector) {
                this(vector, null);
            }
        }

        /** The vector of a row, which the answer leaves out. */
        record Like(String key) implements Probe {}
    }

    /**
     * What decides, besides similarity, which rows are found and in which order.
     *
     * @param hybrid search by words as well; null for vectors alone
     * @param diversity prefer rows that differ; null for the nearest
     * @param grouping group rows by a field; null for single rows
     * @param order of the rows; empty for similarity. May name {@link RowService#SCORE}
     */
    public record Ranking(
            @Nullable Hybrid hybrid,
            @Nullable Diversity diversity,
            @Nullable Grouping grouping,
            List<Sort> order) {

        /** The most similar rows, most similar first. */
        public static final Ranking BY_SIMILARITY = new Ranking(null, null, null, List.of());

        public Ranking {
            order = List.copyOf(order);
        }
    }

    /**
     * Search by words besides vectors; both results are joined by reciprocal rank fusion.
     *
     * @param columns columns with a text index, at least one
     * @param words to search for; null if the request has no text, which is refused
     * @param similarityWeight weight of ranks by vectors, 0 or more
     * @param textWeight weight of ranks by words, 0 or more
     */
    public record Hybrid(List<String> columns, @Nullable String words, float similarityWeight, float textWeight) {
        public static final int MAX_COLUMNS = 16;

        public Hybrid {
            columns = List.copyOf(columns);
        }
    }

    /**
     * Maximal marginal relevance (Carbonell and Goldstein, 1998).
     *
     * @param lambda 0 to 1: 1 counts similarity to the query alone, 0 difference from other rows alone
     * @param candidates how many of the nearest rows to choose from
     */
    public record Diversity(float lambda, int candidates) {
        public static final int MAX_CANDIDATES = 1_000;
        public static final float DEFAULT_LAMBDA = 0.5f;
        public static final int DEFAULT_CANDIDATES = 100;
    }

    /**
     * The most similar rows of each value of a field, beginning with the value of the most similar row. Rows without the field
     * are left out.
     *
     * @param by the field
     * @param size most rows of one group, 1 to {@value #MAX_SIZE}
     */
    public record Grouping(Selected.Field by, int size) {
        public static final int MAX_SIZE = 100;
        public static final int DEFAULT_SIZE = 1;

        /** Most rows of an answer: groups times rows per group. */
        public static final int MAX_ROWS = 1_000;
    }

    /** How a kind of request names the fields of a search. */
    public enum Form {
        /** {@code POST /tables/{table}/search/similarity}. */
        TABLE("", "query", "query", "limit", "like.key", MAX_LIMIT),
        /** {@code POST /tables/{table}/query} with {@code similarity}. */
        QUERY(
                "similarity.",
                "similarity.query",
                "similarity.query",
                "limit",
                "similarity.like.key",
                TableQuery.MAX_LIMIT),
        /** {@code POST /collections/{collection}/search}, and the same over gRPC. */
        COLLECTION("", "query", "query_vector", "k", "like.id", MAX_LIMIT),
        /** An SQL query, whose parameters are the vectors. */
        SQL("", "params", "params", "limit", "params", MAX_REACH);

        private final String prefix;
        private final String text;
        private final String vector;
        private final String limit;
        private final String like;
        private final int mostRows;

        Form(String prefix, String text, String vector, String limit, String like, int mostRows) {
            this.prefix = prefix;
            this.text = text;
            this.vector = vector;
            this.limit = limit;
            this.like = like;
            this.mostRows = mostRows;
        }

        /** The field of an option that is named alike in all forms, such as {@code threshold}. */
        public String field(String option) {
            return prefix.isEmpty() ? option : prefix + option;
        }

        /** The field of the text to search for. */
        public String text() {
            return text;
        }

        /** The field of the vector to search for. */
        public String vector() {
            return vector;
        }

        public String limit() {
            return limit;
        }

        /** The field of the row to search for similar ones of. */
        public String like() {
            return like;
        }

        /** Most rows of one answer. */
        public int mostRows() {
            return mostRows;
        }
    }
}
