package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.engine.GroupQuery;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.MediaTypes;
import com.akidb.http.server.Reply;
import com.akidb.query.FieldPath;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code POST /tables/{table}/query}: rows, their number, distinct ones, groups, or how they would be found. */
final class QueryEndpoint implements Endpoint {

    private final RowService service;
    private final SearchService searches;
    private final Duration stall;

    /** @param stall how long a reader of a stream may take nothing */
    QueryEndpoint(RowService service, SearchService searches, Duration stall) {
        this.service = service;
        this.searches = searches;
        this.stall = stall;
    }

    @Override
    public Set<Extra> extras() {
        return EnumSet.of(Extra.LINES_OUT);
    }

    @Override
    public Mono<? extends Reply> handle(Call call) {
        call.query();
        TableSchema schema = service.schema(call.variable(0));
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
        RowJson writer = new RowJson(query.select(), body.includeMeta);
        boolean lines = !body.explain
                && MediaTypes.wantsLines(call.exchange().getRequest().getHeaders());
        if (body.similarity != null) {
            return similar(call, query, body, body.similarity, lines, writer);
        }
        if (body.explain) {
            return call.blocking(() -> service.explain(query), QueryAnswers::plan);
        }
        if (lines) {
            RowStream stream = new RowStream(service, query, body.hasLimit() ? query.limit() : null, writer, call);
            return call.blocking(stream::first, first -> stream.reply(first, stall));
        }
        return call.blocking(() -> service.query(query), page -> QueryAnswers.page(page, writer));
    }

    private Mono<? extends Reply> similar(
            Call call, TableQuery query, QueryBody body, SearchBody similarity, boolean lines, RowJson writer) {
        boolean vectors = new Projection(query.schema(), query.select()).needsVectors();
        Search search = similarity.inQuery(query, vectors, body.explain, call);
        return call.answer(() -> searches.search(search), answer -> {
            if (answer.explanation() != null) {
                return QueryAnswers.plan(
                        answer.explanation().search(), answer.explanation().embedded());
            }
            Projection projection = new Projection(answer.schema(), query.select());
            List<TableRow> found = answer.matches().stream()
                    .map(match -> projection.of(match.row(), match.score()))
                    .toList();
            TablePage page = new TablePage(found, null);
            return lines ? RowStream.of(page, writer, stall) : QueryAnswers.page(page, writer);
        });
    }

    private Mono<Answer> distinct(Call call, TableSchema schema, QueryBody body) {
        List<Selected> select = body.select();
        return call.blocking(
                () -> service.groups(schema, new GroupQuery(body.where, fields(select), false, body.limit())),
                groups -> {
                    RowJson writer = new RowJson(select, false);
                    List<TableRow> rows =
                            groups.stream().map(QueryEndpoint::row).toList();
                    return QueryAnswers.page(new TablePage(rows, null), writer);
                });
    }

    private Mono<Answer> groups(Call call, TableSchema schema, QueryBody body) {
        List<Selected.Field> by = body.groupBy();
        return call.blocking(
                () -> service.groups(schema, new GroupQuery(body.where, fields(by), true, body.limit())), groups -> {
                    RowJson writer = new RowJson(by, false);
                    JsonWriter json = new JsonWriter(64 + 96 * groups.size()).put(piece("{\"groups\":"));
                    json.array(groups, (to, group) -> {
                        writer.write(to.put(piece("{\"values\":")), row(group));
                        to.put(piece(",\"count\":")).value(group.count()).put('}');
                    });
                    return Answer.ok(json.put('}'));
                });
    }

    private static List<FieldPath> fields(List<? extends Selected> select) {
        return select.stream()
                .filter(Selected.Field.class::isInstance)
                .map(each -> ((Selected.Field) each).field())
                .toList();
    }

    private static TableRow row(GroupQuery.Group group) {
        List<@Nullable Object> values = group.values();
        return new TableRow(values, 0, java.time.Instant.EPOCH, null);
    }
}
