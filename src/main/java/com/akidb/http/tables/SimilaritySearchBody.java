package com.akidb.http.tables;

import com.akidb.engine.VectorSearch;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.akidb.table.SimilaritySearch;
import com.akidb.table.SimilaritySearch.Diversity;
import com.akidb.table.SimilaritySearch.Hybrid;
import com.akidb.table.SimilaritySearch.Probe;
import com.akidb.table.TableSchema;
import com.akidb.vector.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST .../search/similarity}. */
final class SimilaritySearchBody {

    private static final Fields FIELDS = Fields.of(
            "query",
            "like",
            "column",
            "limit",
            "offset",
            "threshold",
            "filters",
            "include_score",
            "select",
            "include_vectors",
            "metric",
            "ef",
            "probes",
            "exact",
            "hybrid",
            "mmr",
            "explain");
    private static final Fields LIKE = Fields.of("key");
    private static final Fields HYBRID = Fields.of("columns", "weights");
    private static final Fields WEIGHTS = Fields.of("similarity", "text");
    private static final Fields MMR = Fields.of("lambda", "candidates");
    private static final int MOST_TEXT_COLUMNS = 16;
    private static final int MOST_EFFORT = 10_000;
    private static final float LAMBDA = 0.5f;
    private static final int CANDIDATES = 100;

    private final TableSchema schema;
    private final Selections select = new Selections();
    private @Nullable Probe probe;
    private @Nullable String column;
    private int limit = SimilaritySearch.DEFAULT_LIMIT;
    private int offset;
    private @Nullable Float threshold;
    private @Nullable Predicate filters;
    private boolean includeVectors;
    private @Nullable Metric metric;
    private @Nullable Integer effort;
    private boolean exact;
    private @Nullable Hybrid hybrid;
    private @Nullable Diversity diversity;
    private boolean explain;
    private boolean includeScore;

    private SimilaritySearchBody(TableSchema schema) {
        this.schema = schema;
    }

    static SimilaritySearchBody read(JsonReader json, TableSchema schema) {
        SimilaritySearchBody body = new SimilaritySearchBody(schema);
        json.object(FIELDS, body::member);
        json.end();
        return body;
    }

    private void member(JsonReader json, String name) {
        if (json.nothing()) {
            return;
        }
        switch (name) {
            case "query" ->
                probe(json, json.peek() == '[' ? new Probe.Vector(json.floats()) : new Probe.Text(text(json)));
            case "like" -> probe(json, like(json));
            case "column" -> column = json.string();
            case "limit" -> limit = json.integer(1, SimilaritySearch.MAX_LIMIT);
            case "offset" -> offset = json.integer(0, SimilaritySearch.MAX_REACH);
            case "threshold" -> threshold = json.number();
            case "filters" -> filters = FilterParser.parse(json.tree(), "filters", schema.fields());
            case "include_score" -> includeScore = json.bool();
            case "select" -> select.readNames(json);
            case "include_vectors" -> includeVectors = json.bool();
            case "metric" -> metric = Metric.parse(json.string(), name);
            case "ef", "probes" -> effort(json);
            case "exact" -> exact = json.bool();
            case "hybrid" -> hybrid = hybrid(json);
            case "mmr" -> diversity = diversity(json);
            case "explain" -> explain = json.bool();
            default -> throw new IllegalStateException(name);
        }
    }

    private static String text(JsonReader json) {
        if (json.peek() != '"') {
            throw json.wrongType("a text or an array of numbers");
        }
        return json.string();
    }

    private void probe(JsonReader json, Probe given) {
        if (probe != null) {
            throw json.invalid(ErrorCode.INVALID_ARGUMENT, "is one too many: query and like say what to search for");
        }
        probe = given;
    }

    private void effort(JsonReader json) {
        if (effort != null) {
            throw json.invalid(ErrorCode.INVALID_ARGUMENT, "is one too many: give ef or probes");
        }
        effort = json.integer(1, MOST_EFFORT);
    }

    private static Probe like(JsonReader json) {
        String path = json.path();
        String[] key = new String[1];
        json.object(LIKE, (member, name) -> {
            // An integer key is meant by its digits.
            key[0] = member.peek() == '"' ? member.string() : member.raw();
        });
        if (key[0] == null) {
            throw missing(path + ".key");
        }
        return new Probe.Like(key[0]);
    }

    private static Hybrid hybrid(JsonReader json) {
        String path = json.path();
        List<String> columns = new ArrayList<>();
        float[] weights = {1, 1};
        json.object(HYBRID, (member, name) -> {
            if (name.equals("columns")) {
                member.array("an array of names of columns", (item, index) -> {
                    if (index == MOST_TEXT_COLUMNS) {
                        throw item.invalid(
                                ErrorCode.OUT_OF_RANGE, "is one name too many; at most " + MOST_TEXT_COLUMNS);
                    }
                    columns.add(item.string());
                });
            } else if (!member.nothing()) {
                member.object(
                        WEIGHTS, (weight, which) -> weights[which.equals("similarity") ? 0 : 1] = weight.number());
            }
        });
        if (columns.isEmpty()) {
            throw missing(path + ".columns");
        }
        return new Hybrid(columns, weights[0], weights[1]);
    }

    private static Diversity diversity(JsonReader json) {
        float[] lambda = {LAMBDA};
        int[] candidates = {CANDIDATES};
        json.object(MMR, (member, name) -> {
            if (member.nothing()) {
                return;
            }
            if (name.equals("lambda")) {
                lambda[0] = member.number();
            } else {
                candidates[0] = member.integer(1, Diversity.MAX_CANDIDATES);
            }
        });
        return new Diversity(lambda[0], candidates[0]);
    }

    boolean includeScore() {
        return includeScore;
    }

    SimilaritySearch search(Duration timeout) {
        if (probe == null) {
            throw missing("query");
        }
        if (column == null) {
            throw missing("column");
        }
        return new SimilaritySearch(
                schema,
                probe,
                column,
                limit,
                offset,
                threshold,
                filters,
                select.of(schema, includeVectors),
                new VectorSearch.Options(metric, effort, exact),
                hybrid,
                diversity,
                explain,
                timeout);
    }

    private static InvalidInputException missing(String field) {
        return new InvalidInputException(ErrorCode.MISSING_FIELD, field + " is missing", field);
    }
}
