package com.akidb.http.collections;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.collection.CollectionService;
import com.akidb.collection.Document;
import com.akidb.collection.DocumentPage;
import com.akidb.collection.InsertedDocument;
import com.akidb.collection.NewDocument;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.QueryParameters;
import com.akidb.http.server.RouteTable;
import com.akidb.security.Scope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/** Documents of a collection: insert one or many, list, get, delete. */
final class DocumentEndpoints {

    private static final byte[] RESULTS = piece("{\"results\":");
    private static final byte[] ID = piece("{\"id\":");
    private static final byte[] GENERATED = piece(",\"vector_generated\":");
    private static final byte[] DOCUMENTS = piece("{\"documents\":");
    private static final byte[] NEXT = piece(",\"next_cursor\":");
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private final CollectionService service;

    DocumentEndpoints(CollectionService service) {
        this.service = service;
    }

    /** Adds the routes under a path such as {@code /collections/{collection}/documents}. */
    void addTo(RouteTable routes, String path) {
        routes.add("POST", path, Scope.WRITE, this::insert)
                .add("GET", path, Scope.READ, this::list)
                .add("GET", path + "/{document}", Scope.READ, this::get)
                .add("DELETE", path + "/{document}", Scope.WRITE, this::delete);
    }

    private Mono<Answer> insert(Call call) {
        InsertBody body = InsertBody.read(call.json());
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

    private Mono<Answer> list(Call call) {
        QueryParameters query = call.query("cursor", "limit", "include_vectors");
        String cursor = query.text("cursor", "");
        int limit = query.integer("limit", PAGE, 1, LARGEST_PAGE);
        boolean vectors = query.flag("include_vectors");
        return call.blocking(
                () -> service.documents(call.variable(0), null, cursor, limit, vectors), DocumentEndpoints::render);
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
