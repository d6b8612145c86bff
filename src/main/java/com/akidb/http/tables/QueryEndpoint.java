package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.engine.GroupQuery;
import com.akidb.engine.SearchExplanation;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.json.VectorFormat;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.MediaTypes;
import com.akidb.http.server.Reply;
import com.akidb.query.FieldPath;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import com.akidb.table.ColumnEmbedder.EmbeddedQuery;
import com.akidb.table.Projection;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Projection.TableRow;
import com.akidb.table.RowService;
import com.akidb.table.RowService.TablePage;
import com.akidb.table.RowService.TableQuery;
import com.akidb.table.Search;
import com.akidb.table.SearchService;
import com.akidb.table.TableSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code POST /tables/{table}/query}: rows, their number, distinct values, groups, or the plan of the query. */
final class QueryEndpoint implements Endpoint {

    private final RowService service;
    private final SearchService searches;
    private final Duration stall;

    /** @param stall how long a client may read nothing of a stream */
    QueryEndpoint(RowService service, SearchService searches, Duration stall) {
        this.service = service;
        this.searches = searches;
        this.stall = stall;
    }

    @Override
    public Set<Extra> extras() {
        return EnumSet.of(Extra.LINES_OUT, Extra.LIMITED);
    }

    @Override
    public Mono<? extends Reply> handle(Call call) {
        call.query();
        TableSchema schema = service.schema(call.variable(0), call.rights());
        QueryBody body = QueryBody.read(call.json(), schema);
        return switch (body.mode()) {
            case COUNT ->
                call.blocking(
                        () -> service.count(schema, body.where),
                        count -> Answer.ok(new JsonWriter(32)
                                .put(piece("{\"count\":"))
                                .value(count.longValue())
                                .put('}')));
            case DISTINCT -> distinct(call, schema, body);
            case GROUPS -> groups(call, schema, body);
            case ROWS -> rows(call, body);
        };
    }

    private Mono<? extends Reply> rows(Call call, QueryBody body) {
        TableQuery query = body.query();
        RowJson writer = new RowJson(query.select(), body.includeMeta, body.format);
        boolean lines = !body.explain
                && MediaTypes.wantsLines(call.exchange().getRequest().getHeaders());
        if (body.similarity != null) {
            return similar(call, query, body, body.similarity, lines, writer);
        }
        if (body.explain) {
            return call.blocking(() -> service.explain(query), QueryEndpoint::plan);
        }
        if (lines) {
            RowStream stream = new RowStream(service, query, body.hasLimit() ? query.limit() : null, writer, call);
            return call.blocking(stream::first, first -> stream.reply(first, stall));
        }
        return call.blocking(() -> service.query(query), page -> page(page, writer));
    }

    private Mono<? extends Reply> similar(
            Call call, TableQuery query, QueryBody body, SearchBody similarity, boolean lines, RowJson writer) {
        boolean vectors = new Projection(query.schema(), query.select()).needsVectors();
        if (lines && similarity.includesQueryEmbedding(false)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "similarity.include_query_embedding cannot be used where rows are answered one a line",
                    "similarity.include_query_embedding");
        }
        Search search = similarity.inQuery(query, vectors, body.explain, call);
        return call.answer(() -> searches.search(search), answer -> {
            if (answer.explanation() != null) {
                return plan(answer.explanation().search(), answer.explanation().embedded());
            }
            Projection projection = new Projection(answer.schema(), query.select());
            List<TableRow> found = answer.matches().stream()
                    .map(match -> projection.of(match.row(), match.score()))
                    .toList();
            TablePage page = new TablePage(found, null);
            if (lines) {
                return RowStream.of(page, writer, stall);
            }
            return page(page, answer.truncated(), writer, json -> {
                if (similarity.includesQueryEmbedding(false)) {
                    SearchAnswers.query(json.vectorsAs(body.format), answer.vector(), answer.fingerprint());
                }
            });
        });
    }

    private Mono<? extends Reply> distinct(Call call, TableSchema schema, QueryBody body) {
        List<Selected> select = body.select();
        boolean lines = MediaTypes.wantsLines(call.exchange().getRequest().getHeaders());
        return call.blocking(
                () -> service.groups(schema, new GroupQuery(body.where, fields(select), false, body.limit())),
                groups -> {
                    RowJson writer = new RowJson(select, false, body.format);
                    List<TableRow> rows =
                            groups.stream().map(QueryEndpoint::row).toList();
                    TablePage page = new TablePage(rows, null);
                    return lines ? RowStream.of(page, writer, stall) : page(page, writer);
                });
    }

    private Mono<Answer> groups(Call call, TableSchema schema, QueryBody body) {
        List<Selected.Field> by = body.groupBy();
        return call.blocking(
                () -> service.groups(schema, new GroupQuery(body.where, fields(by), true, body.limit())), groups -> {
                    RowJson writer = new RowJson(by, false, body.format);
                    JsonWriter json = new JsonWriter(64 + 96 * groups.size()).put(piece("{\"groups\":"));
                    json.array(groups, (to, group) -> {
                        write(to, writer, group);
                    });
                    return Answer.ok(json.put('}'));
                });
    }

    /** Writes a group as an answer has it. */
    static void write(JsonWriter json, RowJson writer, GroupQuery.Group group) {
        writer.write(json.put(piece("{\"values\":")), row(group));
        json.put(piece(",\"count\":")).value(group.count()).put('}');
    }

    static List<FieldPath> fields(List<? extends Selected> select) {
        return select.stream()
                .filter(Selected.Field.class::isInstance)
                .map(each -> ((Selected.Field) each).field())
                .toList();
    }

    static TableRow row(GroupQuery.Group group) {
        List<@Nullable Object> values = group.values();
        return new TableRow(values, 0, java.time.Instant.EPOCH, null);
    }

    private static Answer page(TablePage page, RowJson writer) {
        return page(page, false, writer, json -> {});
    }

    /**
     * Renders rows.
     *
     * @param truncated whether there are fewer rows than were found, with no page after them
     * @param more writes further members
     */
    private static Answer page(TablePage page, boolean truncated, RowJson writer, Consumer<JsonWriter> more) {
        JsonWriter json = new JsonWriter(64 + 160 * page.rows().size()).put(piece("{\"rows\":"));
        json.array(page.rows(), writer::write);
        if (truncated) {
            json.put(SearchAnswers.TRUNCATED);
        }
        json.put(piece(",\"next_cursor\":")).value(page.nextCursor());
        more.accept(json);
        return Answer.ok(json.put('}'));
    }

    static Answer plan(List<String> lines) {
        return Answer.ok(
                new JsonWriter(256).put(piece("{\"plan\":")).strings(lines).put('}'));
    }

    private static Answer plan(SearchExplanation explanation, @Nullable EmbeddedQuery embedded) {
        return plan(lines(explanation, embedded));
    }

    /** How a similarity search was done, as lines of a plan. */
    static List<String> lines(SearchExplanation explanation, @Nullable EmbeddedQuery embedded) {
        List<String> lines = new ArrayList<>();
        lines.add("SIMILARITY " + explanation.plan() + ": " + explanation.reason());
        lines.add("rows " + explanation.rows() + ", passing " + explanation.passing() + ", compared in full precision "
                + explanation.candidates());
        SearchExplanation.Means means = explanation.means();
        if (means != null) {
            lines.add((means.index() == null ? "" : "index " + means.index() + ", ") + "metric " + means.metric()
                    + ", effort " + means.effort() + " (raised by " + means.raised() + "), passes " + means.passes()
                    + ", recall " + (means.recall() == null ? "not checked" : means.recall()) + ", floor "
                    + means.recallFloor());
        }
        if (embedded != null) {
            lines.add("embedded by " + embedded.model() + " as "
                    + embedded.inputType().wireName() + ", with the prompt '" + embedded.prompt() + "'");
        }
        explanation.stepMicros().forEach((step, micros) -> lines.add(step + " " + micros + " µs"));
        return lines;
    }

    /** The body of {@code POST .../query}. */
    static final class QueryBody {

        private static final int MOST_SORTS = 16;
        private static final Fields FIELDS = Fields.of(
                "select",
                "where",
                "order_by",
                "limit",
                "offset",
                "cursor",
                "count",
                "distinct",
                "group_by",
                "explain",
                "similarity",
                "include_vectors",
                "include_meta",
                "encoding_format");
        private static final Fields SIMILARITY = SearchBody.Kind.QUERY.fields();
        private static final Fields SORT = Fields.of("column", "direction");

        /** What is asked for: rows, their number, distinct rows, or groups. */
        enum Mode {
            ROWS,
            COUNT,
            DISTINCT,
            GROUPS
        }

        private final TableSchema schema;
        private final List<String> given = new ArrayList<>();
        private final Selections select = new Selections();
        private final List<Selected.Field> groupBy = new ArrayList<>();
        private final List<SortClause> order = new ArrayList<>();
        private @Nullable Integer limit;
        private long offset;
        private @Nullable String cursor;
        private boolean count;
        private boolean distinct;
        private boolean includeVectors;

        @Nullable
        Predicate where;

        @Nullable
        SearchBody similarity;

        boolean explain;
        boolean includeMeta;
        VectorFormat format = VectorFormat.FLOAT;

        /** A criterion of the order as requested. */
        private record SortClause(String column, boolean descending, String field) {}

        private QueryBody(TableSchema schema) {
            this.schema = schema;
        }

        static QueryBody read(JsonReader json, TableSchema schema) {
            QueryBody body = new QueryBody(schema);
            json.object(FIELDS, body::member);
            json.end();
            body.requireFitting();
            return body;
        }

        private void member(JsonReader json, String name) {
            if (json.nothing()) {
                return;
            }
            given.add(name);
            switch (name) {
                case "select" -> select.read(json);
                case "where" -> where = FilterParser.parse(json.tree(), "where", schema.fields());
                case "order_by" -> json.array("an array of {column, direction}", this::sort);
                case "limit" -> limit = json.integer(1, TableQuery.MAX_LIMIT);
                case "offset" -> offset = json.integer(0, Integer.MAX_VALUE);
                case "cursor" -> cursor = json.string();
                case "count" -> count = json.bool();
                case "distinct" -> distinct = json.bool();
                case "group_by" -> Selections.names(json, column -> groupBy.add(schema.select(column, json.path())));
                case "explain" -> explain = json.bool();
                case "similarity" -> similarity = similarity(json);
                case "include_vectors" -> includeVectors = json.bool();
                case "include_meta" -> includeMeta = json.bool();
                case "encoding_format" -> format = VectorFormat.parse(json.string(), name);
                default -> throw new IllegalStateException(name);
            }
        }

        private SearchBody similarity(JsonReader json) {
            SearchBody body = new SearchBody(SearchBody.Kind.QUERY, schema.fields());
            json.object(SIMILARITY, body::member);
            return body;
        }

        private void sort(JsonReader json, int index) {
            if (index == MOST_SORTS) {
                throw json.invalid(ErrorCode.OUT_OF_RANGE, "is too many; at most " + MOST_SORTS + " are allowed");
            }
            String path = json.path();
            String[] column = {""};
            boolean[] descending = {false};
            json.object(SORT, (member, name) -> {
                if (name.equals("column")) {
                    column[0] = member.string();
                } else if (!member.nothing()) {
                    descending[0] = descending(member);
                }
            });
            if (column[0].isEmpty()) {
                throw InvalidInputException.missing(path + ".column");
            }
            order.add(new SortClause(column[0], descending[0], path + ".column"));
        }

        private static boolean descending(JsonReader json) {
            return switch (json.string()) {
                case "asc" -> false;
                case "desc" -> true;
                default -> throw json.invalid(ErrorCode.INVALID_ARGUMENT, "must be asc or desc");
            };
        }

        Mode mode() {
            if (!groupBy.isEmpty()) {
                return Mode.GROUPS;
            }
            return count ? Mode.COUNT : distinct ? Mode.DISTINCT : Mode.ROWS;
        }

        /** Refuses members that would have no effect. */
        private void requireFitting() {
            List<String> beside = switch (mode()) {
                case ROWS -> FIELDS.names();
                case COUNT -> List.of("count", "where");
                case DISTINCT -> List.of("distinct", "select", "where", "limit");
                case GROUPS -> List.of("group_by", "where", "limit");
            };
            if (mode() == Mode.DISTINCT) {
                select.requireNoExpression("distinct");
            }
            if (similarity != null) {
                select.requireNoExpression("similarity");
            }
            for (String field : given) {
                boolean unused = switch (field) {
                    case "count" -> !count;
                    case "distinct" -> !distinct;
                    case "explain" -> !explain;
                    case "include_meta" -> !includeMeta;
                    case "include_vectors" -> !includeVectors;
                    case "encoding_format" -> format == VectorFormat.FLOAT;
                    default -> false;
                };
                if (!unused && !beside.contains(field)) {
                    throw new InvalidInputException(
                            ErrorCode.INVALID_ARGUMENT,
                            field + " cannot be used with " + beside.getFirst() + ", which goes with "
                                    + String.join(", ", beside.subList(1, beside.size())) + " only",
                            field);
                }
            }
        }

        int limit() {
            return limit == null ? TableQuery.DEFAULT_LIMIT : limit;
        }

        /** Whether the request itself limits the number of rows. */
        boolean hasLimit() {
            return limit != null;
        }

        List<Selected.Field> groupBy() {
            return groupBy;
        }

        /** What is selected; {@code *} stands for all columns, embedding columns only with {@code include_vectors}. */
        List<Selected> select() {
            return select.of(schema, includeVectors);
        }

        TableQuery query() {
            List<Sort> sorts = order.stream()
                    .map(sort -> new Sort(
                            similarity != null && sort.column.equals(RowService.SCORE)
                                    ? FieldPath.column(RowService.SCORE)
                                    : schema.fields().resolve(sort.column, sort.field),
                            sort.descending))
                    .toList();
            return new TableQuery(schema, select(), where, sorts, limit(), offset, cursor);
        }
    }
}
