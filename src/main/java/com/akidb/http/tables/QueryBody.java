package com.akidb.http.tables;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.query.FieldPath;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import com.akidb.table.Projection.Selected;
import com.akidb.table.RowService;
import com.akidb.table.RowService.TableQuery;
import com.akidb.table.Search.Form;
import com.akidb.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST .../query}. */
final class QueryBody {

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
            "include_meta");
    private static final Fields SIMILARITY = SearchBody.fields(Form.QUERY);
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

    /** A criterion of an order as it was written. */
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
            default -> throw new IllegalStateException(name);
        }
    }

    private SearchBody similarity(JsonReader json) {
        SearchBody body = new SearchBody(Form.QUERY, schema.fields());
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
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, path + ".column is missing", path + ".column");
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

    /** Refuses what would be passed over without a word. */
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

    /** Whether the number of rows is bounded by the request itself. */
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
