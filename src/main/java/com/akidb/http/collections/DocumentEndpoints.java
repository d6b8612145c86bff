package com.akidb.http.collections;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.collection.CollectionService;
import com.akidb.collection.CollectionService.Document;
import com.akidb.collection.CollectionService.DocumentChange;
import com.akidb.collection.CollectionService.DocumentHits;
import com.akidb.collection.CollectionService.DocumentPage;
import com.akidb.collection.CollectionService.InsertedDocument;
import com.akidb.collection.CollectionService.NewDocument;
import com.akidb.collection.DocumentFields;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.arrow.ArrowColumn;
import com.akidb.http.arrow.ArrowStream;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.json.VectorFormat;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.Endpoint.Extra;
import com.akidb.http.server.MediaTypes;
import com.akidb.http.server.QueryParameters;
import com.akidb.http.server.Reply;
import com.akidb.http.server.RouteTable;
import com.akidb.http.tables.RowArrow;
import com.akidb.http.tables.RowJson;
import com.akidb.http.tables.RowStream;
import com.akidb.http.tables.SearchAnswers;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.akidb.security.Scope;
import com.akidb.table.Projection.Selected;
import com.akidb.table.RowService;
import com.akidb.table.RowService.TableQuery;
import com.akidb.table.TableSchema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/** Documents of a collection: insert one or many, list, query, get, change, delete; the bodies and answers that this takes. */
final class DocumentEndpoints {

    private static final byte[] RESULTS = piece("{\"results\":");
    private static final byte[] ID = piece("{\"id\":");
    private static final byte[] GENERATED = piece(",\"vector_generated\":");
    private static final byte[] DOCUMENTS = piece("{\"documents\":");
    private static final byte[] NEXT = piece(",\"next_cursor\":");
    private static final byte[] SCORE = piece(",\"score\":");
    private static final byte[] TEXT = piece(",\"text\":");
    private static final byte[] METADATA = piece(",\"metadata\":");
    private static final byte[] VECTOR = piece(",\"vector\":");
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
        routes.add("POST", path, Scope.WRITE, Endpoint.with(this::insert, Extra.LINES_IN, Extra.ARROW_IN, Extra.ONCE))
                .add("GET", path, Scope.READ, Endpoint.with(this::list, Extra.LINES_OUT))
                .add("PATCH", path, Scope.WRITE, Endpoint.with(this::update, Extra.ONCE))
                .add("DELETE", path, Scope.WRITE, Endpoint.with(this::deleteMany, Extra.BODY, Extra.ONCE))
                .add("PATCH", path + "/{document}", Scope.WRITE, Endpoint.with(this::updateOne, Extra.ONCE))
                .add("GET", path + "/{document}", Scope.READ, this::get)
                .add("DELETE", path + "/{document}", Scope.WRITE, Endpoint.with(this::delete, Extra.ONCE));
    }

    /** Adds the route under a path such as {@code /collections/{collection}/query}. */
    void addQueryTo(RouteTable routes, String path) {
        routes.add("POST", path, Scope.READ, Endpoint.with(this::query, Extra.LINES_OUT));
    }

    private Mono<Answer> insert(Call call) {
        HttpHeaders headers = call.exchange().getRequest().getHeaders();
        OnConflict standard =
                CollectionService.onConflict(call.query("on_conflict").text("on_conflict", "upsert"));
        InsertBody body = MediaTypes.isArrow(headers)
                ? InsertBody.readArrow(call.arrow("documents"), standard)
                : MediaTypes.isLines(headers)
                        ? InsertBody.readLines(call.json(), standard)
                        : InsertBody.read(call.json(), standard);
        List<NewDocument> documents = body.documents();
        String path = call.exchange().getRequest().getPath().value();
        if (body.isBatch()) {
            return call.write(
                    () -> service.insert(
                            call.variable(0), documents, body.onConflict(), call.timeLeft(), call.account()),
                    DocumentEndpoints::renderBatch);
        }
        NewDocument document = documents.getFirst();
        return call.write(
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
        QueryParameters query = call.query("cursor", "limit", "include_vectors", "encoding_format");
        String cursor = query.text("cursor", "");
        boolean vectors = query.flag("include_vectors");
        boolean limited = !query.text("limit", "").isEmpty();
        int limit = query.integer("limit", PAGE, 1, LARGEST_PAGE);
        return page(call, null, cursor, limited ? limit : null, vectors, format(query));
    }

    /** A page of documents, or all of them one a line. */
    private Mono<? extends Reply> page(
            Call call,
            @Nullable Predicate where,
            String cursor,
            @Nullable Integer limit,
            boolean vectors,
            VectorFormat format) {
        if (!MediaTypes.wantsLines(call.exchange().getRequest().getHeaders())) {
            return call.blocking(
                    () -> service.documents(call.variable(0), where, cursor, limit == null ? PAGE : limit, vectors),
                    page -> render(page, format));
        }
        TableSchema schema = service.schema(call.variable(0));
        List<Selected> select = schema.all(vectors);
        TableQuery query =
                new TableQuery(schema, select, where, List.of(), LARGEST_PAGE, 0, cursor.isEmpty() ? null : cursor);
        RowStream stream = new RowStream(rows, query, limit, new RowJson(select, false, format), call);
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
                    page -> render(page, body.format));
        }
        return page(call, body.filter, body.cursor, body.limit, body.includeVectors, body.format);
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
        return call.write(
                () -> service.deleteDocuments(call.variable(0), documents, call.account()),
                deleted -> counted("deleted", deleted));
    }

    private Mono<Answer> update(Call call) {
        call.query();
        ChoiceBody body = ChoiceBody.read(call.json(), ChoiceBody.UPDATE);
        RowSelection documents = body.selection();
        return call.write(
                () -> service.updateDocuments(call.variable(0), documents, body.change(), call.account()),
                updated -> counted("updated", updated));
    }

    private Mono<Answer> updateOne(Call call) {
        call.query();
        DocumentChange change =
                ChoiceBody.read(call.json(), ChoiceBody.UPDATE_ONE).change();
        return call.write(
                () -> service.updateDocument(
                        call.variable(0), call.variable(1), change, call.timeLeft(), call.account()),
                done -> counted("updated", 1));
    }

    private static Answer render(DocumentPage page, VectorFormat format) {
        JsonWriter json = new JsonWriter(64 + page.documents().size() * 256)
                .vectorsAs(format)
                .put(DOCUMENTS)
                .array(page.documents(), DocumentEndpoints::write);
        return Answer.ok(json.put(NEXT).value(page.nextCursor()).put('}'));
    }

    private Mono<Answer> get(Call call) {
        QueryParameters query = call.query("include_vector", "encoding_format");
        boolean vector = query.flag("include_vector");
        VectorFormat format = format(query);
        return call.blocking(
                () -> service.document(call.variable(0), call.variable(1), vector),
                document -> render(document, format));
    }

    private static VectorFormat format(QueryParameters query) {
        return VectorFormat.parse(query.text("encoding_format", "float"), "encoding_format");
    }

    private static Answer render(Document document, VectorFormat format) {
        JsonWriter json = new JsonWriter(512).vectorsAs(format);
        write(json, document);
        return Answer.ok(json);
    }

    private Mono<Answer> delete(Call call) {
        call.query();
        return call.write(
                () -> service.deleteDocument(call.variable(0), call.variable(1), call.account()),
                done -> Answer.noContent());
    }

    private static void write(JsonWriter json, Document document) {
        json.put(ID).value(document.id());
        rest(json, document, true);
    }

    /** Writes a document that was found; what it has beyond others comes between its id and its text. */
    static void write(JsonWriter json, DocumentHits.Hit hit, boolean metadata) {
        json.put(ID).value(hit.document().id()).put(SCORE).value(hit.score());
        SearchAnswers.write(json, hit.ranks(), hit.group());
        rest(json, hit.document(), metadata);
    }

    private static void rest(JsonWriter json, Document document, boolean metadata) {
        json.put(TEXT).value(document.text());
        if (metadata) {
            json.put(METADATA).json(document.metadata());
        }
        float[] vector = document.vector();
        if (vector != null) {
            json.put(VECTOR).value(vector);
        }
        json.put('}');
    }

    /** The bodies of requests about documents that a filter or their ids choose: query, delete, update. */
    private static final class ChoiceBody {

        static final Fields QUERY =
                Fields.of("filter", "ids", "limit", "cursor", "include_vectors", "encoding_format", "count");
        static final Fields DELETE = Fields.of("filter", "ids");
        static final Fields UPDATE = Fields.of("filter", "ids", "metadata");
        static final Fields UPDATE_ONE = Fields.of("text", "vector", "metadata");
        private static final int MOST_IDS = 1_000;

        @Nullable
        Predicate filter;

        @Nullable
        List<String> ids;

        @Nullable
        Integer limit;

        String cursor = "";
        boolean includeVectors;
        VectorFormat format = VectorFormat.FLOAT;
        boolean count;
        private @Nullable String text;
        private float @Nullable [] vector;
        private boolean changesMetadata;
        private @Nullable String metadata;

        static ChoiceBody read(JsonReader json, Fields fields) {
            ChoiceBody body = new ChoiceBody();
            json.object(fields, body::member);
            json.end();
            CollectionService.requireOneChoice(body.filter, body.ids);
            return body;
        }

        private void member(JsonReader json, String name) {
            if (name.equals("metadata")) {
                changesMetadata = true;
                metadata = json.nothing() ? null : json.raw();
            } else if (!json.nothing()) {
                switch (name) {
                    case "filter" -> filter = FilterParser.parse(json.tree(), name, new DocumentFields());
                    case "ids" -> ids = ids(json);
                    case "limit" -> limit = json.integer(1, LARGEST_PAGE);
                    case "cursor" -> cursor = json.string();
                    case "include_vectors" -> includeVectors = json.bool();
                    case "encoding_format" -> format = VectorFormat.parse(json.string(), name);
                    case "count" -> count = json.bool();
                    case "text" -> text = json.string();
                    case "vector" -> vector = json.floats();
                    default -> throw new IllegalStateException(name);
                }
            }
        }

        private static List<String> ids(JsonReader json) {
            List<String> ids = new ArrayList<>();
            json.array("an array of ids", (item, index) -> {
                if (index == MOST_IDS) {
                    throw item.invalid(ErrorCode.OUT_OF_RANGE, "is one id too many; at most " + MOST_IDS);
                }
                ids.add(item.string());
            });
            if (ids.isEmpty()) {
                throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "ids cannot be empty", "ids");
            }
            return ids;
        }

        /** The documents to change. */
        RowSelection selection() {
            return CollectionService.selection(filter, ids);
        }

        DocumentChange change() {
            return new DocumentChange(text, vector, changesMetadata, metadata);
        }

        /** Refuses what goes with pages of documents only. */
        void requireNoPage(String beside) {
            String field = limit != null
                    ? "limit"
                    : !cursor.isEmpty()
                            ? "cursor"
                            : beside.equals("count") && includeVectors ? "include_vectors" : null;
            if (field != null) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT, field + " cannot be used together with " + beside, field);
            }
        }
    }

    /** The body of an insert: one document, or {@code documents} with up to 1,000. */
    private static final class InsertBody {

        private static final int MOST_DOCUMENTS = 1_000;
        private static final Fields DOCUMENT = Fields.of("text", "vector", "external_id", "id", "metadata");
        private static final Fields FIELDS =
                Fields.of("documents", "on_conflict", "text", "vector", "external_id", "id", "metadata");

        private @Nullable List<NewDocument> documents;
        private OnConflict onConflict;
        private final DocumentBody single = new DocumentBody("");
        private @Nullable String singleField;

        private InsertBody(OnConflict onConflict) {
            this.onConflict = onConflict;
        }

        /** @param standard what holds if the body says nothing of it */
        static InsertBody read(JsonReader json, OnConflict standard) {
            InsertBody body = new InsertBody(standard);
            json.object(FIELDS, body::member);
            json.end();
            if (body.documents != null && body.singleField != null) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        body.singleField + " cannot be given beside documents; put it into one of them",
                        body.singleField);
            }
            return body;
        }

        /** Reads documents that come one a line; what else there is to say comes in the query. */
        static InsertBody readLines(JsonReader json, OnConflict onConflict) {
            InsertBody body = new InsertBody(onConflict);
            List<NewDocument> all = new ArrayList<>();
            json.sequence("documents", (item, index) -> add(all, item, index));
            body.documents = notEmpty(all);
            return body;
        }

        /** Reads documents whose fields are columns; what else there is to say comes in the query. */
        static InsertBody readArrow(ArrowStream arrow, OnConflict onConflict) {
            InsertBody body = new InsertBody(onConflict);
            List<NewDocument> all = new ArrayList<>();
            for (ArrowColumn column : arrow.columns()) {
                if (DOCUMENT.find(column.name()) < 0) {
                    throw new InvalidInputException(
                            ErrorCode.UNKNOWN_FIELD, DOCUMENT.unknown("column", column.name()), column.name());
                }
            }
            arrow.rows((row, index) -> {
                requireRoom(index);
                DocumentBody document = new DocumentBody("documents[" + index + "].");
                for (ArrowColumn column : arrow.columns()) {
                    if (!column.isNull(row)) {
                        document.cell(column, row, arrow.at(index, column));
                    }
                }
                all.add(document.document());
            });
            body.documents = notEmpty(all);
            return body;
        }

        private void member(JsonReader json, String name) {
            switch (name) {
                case "documents" -> documents = documents(json);
                case "on_conflict" -> {
                    if (!json.nothing()) {
                        onConflict = CollectionService.onConflict(json.string());
                    }
                }
                default -> {
                    singleField = name;
                    single.member(json, name);
                }
            }
        }

        private static List<NewDocument> documents(JsonReader json) {
            List<NewDocument> documents = new ArrayList<>();
            json.array("an array of documents", (item, index) -> add(documents, item, index));
            return notEmpty(documents);
        }

        private static void add(List<NewDocument> documents, JsonReader item, int index) {
            requireRoom(index);
            DocumentBody document = new DocumentBody("documents[" + index + "].");
            item.object(DOCUMENT, document::member);
            documents.add(document.document());
        }

        private static void requireRoom(int index) {
            if (index == MOST_DOCUMENTS) {
                throw new InvalidInputException(
                        ErrorCode.OUT_OF_RANGE, "Maximum " + MOST_DOCUMENTS + " documents per request", "documents");
            }
        }

        private static List<NewDocument> notEmpty(List<NewDocument> documents) {
            if (documents.isEmpty()) {
                throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "documents cannot be empty", "documents");
            }
            return documents;
        }

        boolean isBatch() {
            return documents != null;
        }

        List<NewDocument> documents() {
            return documents == null ? List.of(single.document()) : documents;
        }

        OnConflict onConflict() {
            return onConflict;
        }
    }

    /** One document in a body, alone or among others. */
    private static final class DocumentBody {

        private final String at;
        private @Nullable String text;
        private float @Nullable [] vector;
        private @Nullable String externalId;
        private @Nullable String id;
        private @Nullable String metadata;

        /** A document at a path such as {@code documents[3].}, or at the empty one. */
        DocumentBody(String at) {
            this.at = at;
        }

        void member(JsonReader json, String name) {
            if (name.equals("text")) {
                text = json.string();
            } else if (!json.nothing()) {
                switch (name) {
                    case "vector" -> vector = json.floats();
                    case "external_id" -> externalId = json.string();
                    case "id" -> id = json.string();
                    case "metadata" -> metadata = json.raw();
                    default -> throw new IllegalStateException(name);
                }
            }
        }

        /** Takes the value of a column. */
        void cell(ArrowColumn column, int row, String field) {
            switch (column.name()) {
                case "text" -> text = column.text(row, field);
                case "vector" -> vector = column.vector(row, field);
                case "external_id" -> externalId = column.text(row, field);
                case "id" -> id = column.text(row, field);
                case "metadata" -> metadata = RowArrow.json(column.text(row, field), field);
                default -> throw new IllegalStateException(column.name());
            }
        }

        /** The document; without a text only when told that nothing of it was there. */
        NewDocument document() {
            if (text == null) {
                throw new InvalidInputException(ErrorCode.MISSING_FIELD, at + "text is missing", at + "text");
            }
            return new NewDocument(NewDocument.id(id, externalId, at), text, vector, metadata);
        }
    }
}
