package com.akidb.http.collections;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.collection.CollectionService;
import com.akidb.collection.Document;
import com.akidb.collection.DocumentChange;
import com.akidb.collection.DocumentPage;
import com.akidb.collection.InsertedDocument;
import com.akidb.collection.NewDocument;
import com.akidb.engine.RowSelection;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.Endpoint.Extra;
import com.akidb.http.server.MediaTypes;
import com.akidb.http.server.QueryParameters;
import com.akidb.http.server.Reply;
import com.akidb.http.server.RouteTable;
import com.akidb.http.tables.RowJson;
import com.akidb.http.tables.RowStream;
import com.akidb.query.Predicate;
import com.akidb.security.Scope;
import com.akidb.table.Projection.Selected;
import com.akidb.table.RowService;
import com.akidb.table.RowService.TableQuery;
import com.akidb.table.TableSchema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/** Documents of a collection: insert one or many, list, query, get, change, delete. */
final class DocumentEndpoints {

    private static final byte[] RESULTS = piece("{\"results\":");
    private static final byte[] ID = piece("{\"id\":");
    private static final byte[] GENERATED = piece(",\"vector_generated\":");
    private static final byte[] DOCUMENTS = piece("{\"documents\":");
    private static final byte[] NEXT = piece(",\"next_cursor\":");
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private final CollectionService service;

    private final RowService rows;
    private final Duration stall;

    /** @param stall how long a reader of a stream may take nothing */
    DocumentEndpoints(CollectionService service, RowService rows, Duration stall) {
        this.service = service;
        this.rows = rows;
        this.stall = stall;
    }

    /** Adds the routes under a path such as {@code /collections/{collection}/documents}. */
    void addTo(RouteTable routes, String path) {
        routes.add("POST", path, Scope.WRITE, Endpoint.with(this::insert, Extra.LINES_IN))
                .add("GET", path, Scope.READ, Endpoint.with(this::list, Extra.LINES_OUT))
                .add("PATCH", path, Scope.WRITE, this::update)
                .add("DELETE", path, Scope.WRITE, Endpoint.with(this::deleteMany, Extra.BODY))
                .add("PATCH", path + "/{document}", Scope.WRITE, this::updateOne)
                .add("GET", path + "/{document}", Scope.READ, this::get)
                .add("DELETE", path + "/{document}", Scope.WRITE, this::delete);
    }

    /** Adds the route under a path such as {@code /collections/{collection}/query}. */
    void addQueryTo(RouteTable routes, String path) {
        routes.add("POST", path, Scope.READ, Endpoint.with(this::query, Extra.LINES_OUT));
    }

    private Mono<Answer> insert(Call call) {
        boolean lines = MediaTypes.isLines(call.exchange().getRequest().getHeaders());
        InsertBody body =
                lines ? InsertBody.readLines(call.json(), call.query("on_conflict")) : InsertBody.read(call.json());
        List<NewDocument> documents = body.documents();
        String path = call.exchange().getRequest().getPath().value();
        if (body.isBatch()) {
            return call.answer(
                    () -> service.insert(
                            call.variable(0), documents, body.onConflict(), call.timeLeft(), call.account()),
                    DocumentEndpoints::renderBatch);
        }
        NewDocument document = documents.getFirst();
        return call.answer(
                () -> service.insert(call.variable(0), document, body.onConflict(), call.timeLeft(), call.account()),
                inserted -> renderSingle(inserted, path));
    }

    private static Answer renderSingle(InsertedDocument inserted, String path) {
        JsonWriter json = new JsonWriter(128);
        write(json, inserted);
        return Answer.created(json, path + "/" + UriUtils.encode(inserted.id(), StandardCharsets.UTF_8));
    }

    private static Answer renderBatch(List<InsertedDocument> inserted) {
        JsonWriter json =
                new JsonWriter(32 + inserted.size() * 80).put(RESULTS).array(inserted, DocumentEndpoints::write);
        return Answer.json(HttpStatus.CREATED, json.put('}'));
    }

    private static void write(JsonWriter json, InsertedDocument inserted) {
        json.put(ID).value(inserted.id()).put(GENERATED).value(inserted.vectorGenerated());
        json.put('}');
    }

    private Mono<? extends Reply> list(Call call) {
        QueryParameters query = call.query("cursor", "limit", "include_vectors");
        String cursor = query.text("cursor", "");
        boolean vectors = query.flag("include_vectors");
        boolean limited = !query.text("limit", "").isEmpty();
        int limit = query.integer("limit", PAGE, 1, LARGEST_PAGE);
        return page(call, null, cursor, limited ? limit : null, vectors);
    }

    /** A page of documents, or all of them one a line. */
    private Mono<? extends Reply> page(
            Call call, @Nullable Predicate where, String cursor, @Nullable Integer limit, boolean vectors) {
        if (!MediaTypes.wantsLines(call.exchange().getRequest().getHeaders())) {
            return call.blocking(
                    () -> service.documents(call.variable(0), where, cursor, limit == null ? PAGE : limit, vectors),
                    DocumentEndpoints::render);
        }
        TableSchema schema = service.schema(call.variable(0));
        List<Selected> select = schema.all(vectors);
        TableQuery query =
                new TableQuery(schema, select, where, List.of(), LARGEST_PAGE, 0, cursor.isEmpty() ? null : cursor);
        RowStream stream = new RowStream(rows, query, limit, new RowJson(select, false), call);
        return call.blocking(stream::first, first -> stream.reply(first, stall));
    }

    private Mono<? extends Reply> query(Call call) {
        call.query();
        ChoiceBody body = ChoiceBody.read(call.json(), ChoiceBody.QUERY);
        List<String> ids = body.ids;
        if (body.count) {
            body.requireNoPage("count");
            Predicate where = ids == null ? body.filter : CollectionService.anyOf(ids);
            return call.blocking(() -> service.count(call.variable(0), where), count -> counted("count", count));
        }
        if (ids != null) {
            body.requireNoPage("ids");
            return call.blocking(
                    () -> new DocumentPage(service.documents(call.variable(0), ids, body.includeVectors), null),
                    DocumentEndpoints::render);
        }
        return page(call, body.filter, body.cursor, body.limit, body.includeVectors);
    }

    private static Answer counted(String what, long documents) {
        return Answer.ok(new JsonWriter(32)
                .put(piece("{\"" + what + "\":"))
                .value(documents)
                .put('}'));
    }

    private Mono<Answer> deleteMany(Call call) {
        call.query();
        RowSelection documents = ChoiceBody.read(call.json(), ChoiceBody.DELETE).selection();
        return call.answer(
                () -> service.deleteDocuments(call.variable(0), documents, call.account()),
                deleted -> counted("deleted", deleted));
    }

    private Mono<Answer> update(Call call) {
        call.query();
        ChoiceBody body = ChoiceBody.read(call.json(), ChoiceBody.UPDATE);
        RowSelection documents = body.selection();
        return call.answer(
                () -> service.updateDocuments(call.variable(0), documents, body.change(), call.account()),
                updated -> counted("updated", updated));
    }

    private Mono<Answer> updateOne(Call call) {
        call.query();
        DocumentChange change =
                ChoiceBody.read(call.json(), ChoiceBody.UPDATE_ONE).change();
        return call.answer(
                () -> service.updateDocument(
                        call.variable(0), call.variable(1), change, call.timeLeft(), call.account()),
                done -> counted("updated", 1));
    }

    private static Answer render(DocumentPage page) {
        JsonWriter json = new JsonWriter(64 + page.documents().size() * 256)
                .put(DOCUMENTS)
                .array(page.documents(), DocumentWriter::write);
        return Answer.ok(json.put(NEXT).value(page.nextCursor()).put('}'));
    }

    private Mono<Answer> get(Call call) {
        boolean vector = call.query("include_vector").flag("include_vector");
        return call.blocking(
                () -> service.document(call.variable(0), call.variable(1), vector), DocumentEndpoints::render);
    }

    private static Answer render(Document document) {
        JsonWriter json = new JsonWriter(512);
        DocumentWriter.write(json, document);
        return Answer.ok(json);
    }

    private Mono<Answer> delete(Call call) {
        call.query();
        return call.answer(
                () -> service.deleteDocument(call.variable(0), call.variable(1), call.account()),
                done -> Answer.noContent());
    }
}
