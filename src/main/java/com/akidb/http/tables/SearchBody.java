package com.akidb.http.tables;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.engine.ColumnType;
import com.akidb.engine.VectorSearch;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.VectorFormat;
import com.akidb.http.server.Call;
import com.akidb.query.FieldPath;
import com.akidb.query.FieldResolver;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import com.akidb.table.Projection.Selected;
import com.akidb.table.RowService.TableQuery;
import com.akidb.table.Search;
import com.akidb.table.Search.Diversity;
import com.akidb.table.Search.Form;
import com.akidb.table.Search.Grouping;
import com.akidb.table.Search.Hybrid;
import com.akidb.table.Search.Probe;
import com.akidb.table.Search.Ranking;
import com.akidb.table.TableSchema;
import com.akidb.vector.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request that describes a search. It is the same for tables, queries and collections, except for the names of
 * some fields. Endpoints read the other members of their bodies themselves.
 */
public final class SearchBody {

    private static final List<String> OPTIONS = List.of(
            "like",
            "threshold",
            "metric",
            "ef",
            "probes",
            "exact",
            "hybrid",
            "mmr",
            "group",
            "input_type",
            "model_fingerprint",
            "include_query_embedding");
    private static final Fields LIKE_KEY = Fields.of("key");
    private static final Fields LIKE_ID = Fields.of("id");
    private static final Fields TEXT_WEIGHTS = Fields.of("weights");
    private static final Fields HYBRID = Fields.of("columns", "weights");
    private static final Fields WEIGHTS = Fields.of("similarity", "text");
    private static final Fields MMR = Fields.of("lambda", "candidates");
    private static final Fields GROUP = Fields.of("by", "size");

    private final Kind kind;
    private final Form form;
    private final FieldResolver fields;
    private @Nullable String text;
    private float @Nullable [] vector;
    private @Nullable String like;
    private @Nullable String column;
    private @Nullable InputType inputType;
    private @Nullable String fingerprint;
    private @Nullable Boolean includeQueryEmbedding;
    private VectorFormat format = VectorFormat.FLOAT;
    private @Nullable Integer limit;
    private int offset;
    private @Nullable Float threshold;
    private @Nullable Predicate where;
    private boolean includeVectors;
    private @Nullable Metric metric;
    private @Nullable Integer effort;
    private boolean exact;
    private @Nullable List<String> wordColumns;
    private final float[] weights = {1, 1};
    private @Nullable Diversity diversity;
    private @Nullable Group group;
    private boolean explain;

    private record Group(String name, FieldPath field, int size) {}

    /** The kinds of requests that describe a search. */
    public enum Kind {
        /** A search of a table's rows. */
        TABLE(
                Form.TABLE,
                "",
                "query",
                "query_vector",
                "column",
                "limit",
                "offset",
                "filters",
                "include_vectors",
                "encoding_format",
                "explain"),
        /** A search within a query, which says itself which rows to return. */
        QUERY(Form.QUERY, "; it must be a text or a vector", "query", "query_vector", "column"),
        /** A search of a collection's documents. */
        COLLECTION(
                Form.COLLECTION,
                ", and so is query_vector; one of them is needed",
                "query",
                "query_vector",
                "vector",
                "k",
                "limit",
                "offset",
                "filter",
                "include_vectors",
                "encoding_format",
                "explain");

        private final Form form;
        /** What to add to the message when there is nothing to search for. */
        private final String noProbe;

        private final List<String> fields;

        Kind(Form form, String noProbe, String... fields) {
            this.form = form;
            this.noProbe = noProbe;
            this.fields = List.of(fields);
        }

        /**
         * The fields of such a request, in the order in which messages list them.
         *
         * @param more those that the endpoint reads itself
         */
        public Fields fields(String... more) {
            List<String> all = new ArrayList<>(fields);
            all.addAll(OPTIONS);
            all.addAll(List.of(more));
            return Fields.of(all);
        }
    }

    /**
     * The search of a request.
     *
     * @param fields resolves names in its filter
     */
    public SearchBody(Kind kind, FieldResolver fields) {
        this.kind = kind;
        this.form = kind.form;
        this.fields = fields;
    }

    /** Reads one of the {@link Kind#fields fields} of the kind. */
    public void member(JsonReader json, String name) {
        if (json.nothing()) {
            return;
        }
        switch (name) {
            case "query" -> query(json);
            case "query_vector", "vector" -> vector(json);
            case "like" -> like(json);
            case "column" -> column = json.string();
            case "k", "limit" -> limit(json);
            case "offset" -> offset = json.integer(0, Search.MAX_REACH);
            case "threshold" -> threshold = json.number();
            case "filter", "filters" -> where = FilterParser.parse(json.tree(), name, fields);
            case "include_vectors" -> includeVectors = json.bool();
            case "metric" -> metric = Metric.parse(json.string(), form.field(name));
            case "ef", "probes" -> effort(json);
            case "exact" -> exact = json.bool();
            case "hybrid" -> hybrid(json);
            case "mmr" -> diversity = diversity(json);
            case "group" -> group = group(json);
            case "input_type" -> inputType = InputType.parse(json.string(), form.field(name));
            case "model_fingerprint" -> fingerprint = json.string();
            case "include_query_embedding" -> includeQueryEmbedding = json.bool();
            case "encoding_format" -> format = VectorFormat.parse(json.string(), name);
            case "explain" -> explain = json.bool();
            default -> throw new IllegalStateException(name);
        }
    }

    private void query(JsonReader json) {
        if (form != Form.COLLECTION) {
            if (json.peek() == '[') {
                requireNoProbe(json);
                vector = json.floats();
                return;
            }
            if (like != null) {
                requireNoProbe(json);
            }
            if (json.peek() != '"') {
                throw json.wrongType("a text or an array of numbers");
            }
        }
        text = json.string();
    }

    private void requireNoProbe(JsonReader json) {
        if (text != null || vector != null || like != null) {
            throw json.invalid(ErrorCode.INVALID_ARGUMENT, "cannot be combined: give either query or like");
        }
    }

    private void vector(JsonReader json) {
        if (form != Form.COLLECTION && (vector != null || like != null)) {
            requireNoProbe(json);
        }
        float[] given = json.floats();
        if (vector != null && !Arrays.equals(vector, given)) {
            throw json.invalid(
                    ErrorCode.INVALID_ARGUMENT, "differs: vector and query_vector are two names of the same thing");
        }
        vector = given;
    }

    private void like(JsonReader json) {
        if (form != Form.COLLECTION) {
            requireNoProbe(json);
        }
        String path = json.path();
        boolean document = form == Form.COLLECTION;
        json.object(document ? LIKE_ID : LIKE_KEY, (member, name) -> {
            // An integer key is taken by its digits.
            like = document || member.peek() == '"' ? member.string() : member.raw();
        });
        if (like == null) {
            throw missing(path + (document ? ".id" : ".key"), "");
        }
    }

    private void limit(JsonReader json) {
        int given = json.integer(1, form.mostRows());
        if (limit != null && limit != given) {
            throw json.invalid(ErrorCode.INVALID_ARGUMENT, "differs: k and limit are two names of the same thing");
        }
        limit = given;
    }

    private void effort(JsonReader json) {
        if (effort != null) {
            throw json.invalid(ErrorCode.INVALID_ARGUMENT, "cannot be combined: give either ef or probes");
        }
        effort = json.integer(1, Search.MAX_EFFORT);
    }

    private void hybrid(JsonReader json) {
        if (form == Form.COLLECTION && json.peek() != '{') {
            wordColumns = json.bool() ? List.of("text") : null;
            return;
        }
        String path = json.path();
        List<String> columns = new ArrayList<>();
        json.object(form == Form.COLLECTION ? TEXT_WEIGHTS : HYBRID, (member, name) -> {
            if (name.equals("columns")) {
                member.array("an array of names of columns", (item, index) -> {
                    if (index == Hybrid.MAX_COLUMNS) {
                        throw item.invalid(
                                ErrorCode.OUT_OF_RANGE, "is one name too many; at most " + Hybrid.MAX_COLUMNS);
                    }
                    columns.add(item.string());
                });
            } else if (!member.nothing()) {
                member.object(
                        WEIGHTS, (weight, which) -> weights[which.equals("similarity") ? 0 : 1] = weight.number());
            }
        });
        if (form == Form.COLLECTION) {
            columns.add("text");
        } else if (columns.isEmpty()) {
            throw missing(path + ".columns", "");
        }
        wordColumns = columns;
    }

    private static Diversity diversity(JsonReader json) {
        float[] lambda = {Diversity.DEFAULT_LAMBDA};
        int[] candidates = {Diversity.DEFAULT_CANDIDATES};
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

    private Group group(JsonReader json) {
        String path = json.path();
        @Nullable String[] by = new @Nullable String[1];
        int[] size = {Grouping.DEFAULT_SIZE};
        json.object(GROUP, (member, name) -> {
            if (name.equals("by")) {
                by[0] = member.string();
            } else if (!member.nothing()) {
                size[0] = member.integer(1, Grouping.MAX_SIZE);
            }
        });
        String name = by[0];
        if (name == null) {
            throw missing(path + ".by", "; it must be the name of a field");
        }
        return new Group(name, fields.resolve(name, path + ".by"), size[0]);
    }

    /**
     * Whether the answer is to show what was searched with.
     *
     * @param usual where the body says nothing of it
     */
    public boolean includesQueryEmbedding(boolean usual) {
        return includeQueryEmbedding == null ? usual : includeQueryEmbedding;
    }

    /** How the answer is to show vectors. */
    public VectorFormat format() {
        return format;
    }

    /** Whether the body asks for vectors. */
    boolean includesVectors() {
        return includeVectors;
    }

    /**
     * A search in a table.
     *
     * @param vectors whether the rows of the answer are to have their vectors
     * @throws InvalidInputException if something is missing or members do not go together
     */
    Search inTable(TableSchema schema, boolean vectors, Call call) {
        return inTable(schema, vectors, call.timeLeft(), call.account());
    }

    /** As {@link #inTable(TableSchema, boolean, Call)}, in the given time and for the given account. */
    Search inTable(TableSchema schema, boolean vectors, Duration timeout, Account account) {
        return search(schema, column, limit(), offset, where, vectors, List.of(), timeout, account);
    }

    /** A search in a collection, whose vectors are in one column. */
    public Search inCollection(TableSchema schema, String vectors, Call call) {
        return search(
                schema, vectors, limit(), offset, where, includeVectors, List.of(), call.timeLeft(), call.account());
    }

    /** A search whose filter, order and page the rest of the query gives. */
    Search inQuery(TableQuery query, boolean vectors, boolean explained, Call call) {
        return inQuery(query, vectors, explained, call.timeLeft(), call.account());
    }

    /** As {@link #inQuery(TableQuery, boolean, boolean, Call)}, in the given time and for the given account. */
    Search inQuery(TableQuery query, boolean vectors, boolean explained, Duration timeout, Account account) {
        if (query.cursor() != null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "cursor cannot be used with similarity; use offset", "cursor");
        }
        explain = explained;
        Search search = search(
                query.schema(),
                column,
                query.limit(),
                (int) query.offset(),
                query.where(),
                vectors,
                query.order(),
                timeout,
                account);
        search.vectorColumn();
        return search;
    }

    private int limit() {
        return limit == null ? Search.DEFAULT_LIMIT : limit;
    }

    private Search search(
            TableSchema schema,
            @Nullable String searched,
            int rows,
            int over,
            @Nullable Predicate condition,
            boolean vectors,
            List<Sort> order,
            Duration timeout,
            Account account) {
        Probe probe = probe();
        if (searched == null) {
            throw missing(
                    form.field("column"), form == Form.QUERY ? "; it must be the name of an embedding column" : "");
        }
        return new Search(
                schema,
                searched,
                probe,
                rows,
                over,
                condition,
                threshold,
                vectors,
                metric == null && effort == null && !exact
                        ? VectorSearch.Options.DEFAULT
                        : new VectorSearch.Options(metric, effort, exact),
                ranking(schema, order),
                explain,
                form,
                timeout,
                account);
    }

    private Ranking ranking(TableSchema schema, List<Sort> order) {
        if (wordColumns == null && diversity == null && group == null && order.isEmpty()) {
            return Ranking.BY_SIMILARITY;
        }
        Hybrid hybrid = wordColumns == null ? null : new Hybrid(wordColumns, text, weights[0], weights[1]);
        Grouping grouping = group == null
                ? null
                : new Grouping(new Selected.Field(group.name, group.field, type(schema, group.field)), group.size);
        return new Ranking(hybrid, diversity, grouping, order);
    }

    private ColumnType type(TableSchema schema, FieldPath field) {
        return field.path().isEmpty()
                ? schema.column(field.column(), form.field("group.by")).type()
                : ColumnType.JSON;
    }

    private Probe probe() {
        if (like != null && fingerprint == null) {
            if (text != null || vector != null) {
                String field = text != null ? "query" : "query_vector";
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        field + " cannot be used together with like; use one of them",
                        field);
            }
            return new Probe.Like(like);
        }
        if (vector != null) {
            return new Probe.Vector(vector, fingerprint);
        }
        if (fingerprint != null) {
            String field = form.field("model_fingerprint");
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT, field, "goes with a vector only, and says which model has made it");
        }
        if (text != null) {
            return new Probe.Text(text, inputType);
        }
        throw missing(form.text(), kind.noProbe);
    }

    private static InvalidInputException missing(String field, String more) {
        return new InvalidInputException(ErrorCode.MISSING_FIELD, field + " is missing" + more, field);
    }
}
