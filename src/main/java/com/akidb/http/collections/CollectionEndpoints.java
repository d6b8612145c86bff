package com.akidb.http.collections;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.collection.CollectionService;
import com.akidb.collection.CollectionService.Collection;
import com.akidb.collection.CollectionService.NewCollection;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.engine.IndexStatus;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.Endpoint.Extra;
import com.akidb.http.server.RouteTable;
import com.akidb.security.Scope;
import com.akidb.vector.Metric;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Collections: create, list, get, delete. */
final class CollectionEndpoints {

    private static final byte[] LIST = piece("{\"collections\":");
    private static final byte[] ID = piece("{\"id\":");
    private static final byte[] NAME = piece(",\"name\":");
    private static final byte[] DIMENSION = piece(",\"dimension\":");
    private static final byte[] METRIC = piece(",\"metric\":");
    private static final byte[] MODEL = piece(",\"model\":");
    private static final byte[] FINGERPRINT = piece(",\"model_fingerprint\":");
    private static final byte[] COUNT = piece(",\"document_count\":");
    private static final byte[] CREATED = piece(",\"created_at\":");

    private static final String TEXT_INDEX = "/collections/{collection}/text-index";

    private final CollectionService service;
    private final EmbeddingManager models;

    CollectionEndpoints(CollectionService service, EmbeddingManager models) {
        this.service = service;
        this.models = models;
    }

    void addTo(RouteTable routes, String prefix) {
        routes.add("POST", prefix + "/collections", Scope.ADMIN, this::create)
                .add("GET", prefix + "/collections", Scope.READ, this::list)
                .add("GET", prefix + "/collections/{collection}", Scope.READ, this::get)
                .add("DELETE", prefix + "/collections/{collection}", Scope.ADMIN, this::delete)
                .add("GET", prefix + TEXT_INDEX, Scope.READ, this::textIndex)
                .add("PUT", prefix + TEXT_INDEX, Scope.ADMIN, Endpoint.with(this::makeTextIndex, Extra.NO_BODY))
                .add("DELETE", prefix + TEXT_INDEX, Scope.ADMIN, this::dropTextIndex);
    }

    private Mono<Answer> textIndex(Call call) {
        call.query();
        return call.blocking(() -> textIndex(call.variable(0)), answer -> answer);
    }

    private Mono<Answer> makeTextIndex(Call call) {
        call.query();
        return call.blocking(
                () -> {
                    service.createTextIndex(call.variable(0));
                    return textIndex(call.variable(0));
                },
                answer -> answer);
    }

    private Mono<Answer> dropTextIndex(Call call) {
        call.query();
        return call.blocking(
                () -> {
                    service.dropTextIndex(call.variable(0));
                    return textIndex(call.variable(0));
                },
                answer -> answer);
    }

    private Answer textIndex(String collection) {
        IndexStatus index = service.textIndex(collection);
        JsonWriter json = new JsonWriter(64).put(piece("{\"text_index\":")).value(index != null);
        return Answer.ok(json.put(piece(",\"state\":"))
                .value(index == null ? null : index.state())
                .put('}'));
    }

    private Mono<Answer> create(Call call) {
        NewCollection request = CollectionBody.read(call.json());
        call.concerns(request.name());
        String path = call.exchange().getRequest().getPath().value();
        return call.blocking(
                () -> service.create(request),
                created -> Answer.created(write(new JsonWriter(256), created), path + "/" + created.id()));
    }

    private Mono<Answer> list(Call call) {
        call.query();
        return call.blocking(service::list, this::render);
    }

    private Mono<Answer> get(Call call) {
        call.query();
        return Mono.just(Answer.ok(write(new JsonWriter(256), service.get(call.variable(0)))));
    }

    private Mono<Answer> delete(Call call) {
        call.query();
        return call.blocking(
                () -> {
                    service.delete(call.variable(0));
                    return true;
                },
                done -> Answer.noContent());
    }

    private Answer render(List<Collection> collections) {
        JsonWriter json =
                new JsonWriter(64 + 256 * collections.size()).put(LIST).array(collections, this::write);
        return Answer.ok(json.put('}'));
    }

    private JsonWriter write(JsonWriter json, Collection collection) {
        return json.put(ID)
                .value(collection.id().toString())
                .put(NAME)
                .value(collection.name())
                .put(DIMENSION)
                .value(collection.dimension())
                .put(METRIC)
                .value(collection.metric().wireName())
                .put(MODEL)
                .value(collection.model())
                .put(FINGERPRINT)
                .value(models.knownFingerprint(collection.model()).orElse(null))
                .put(COUNT)
                .value(collection.documentCount())
                .put(CREATED)
                .value(collection.createdAt().toString())
                .put('}');
    }

    /** The body of {@code POST /collections}. */
    private static final class CollectionBody {

        private static final Fields FIELDS = Fields.of("name", "dimension", "metric", "model", "text_index");

        private @Nullable String name;
        private @Nullable Integer dimension;
        private Metric metric = Metric.COSINE;
        private @Nullable String model;
        private boolean textIndex;

        static NewCollection read(JsonReader json) {
            CollectionBody body = new CollectionBody();
            json.object(FIELDS, body::member);
            json.end();
            if (body.name == null) {
                throw new InvalidInputException(ErrorCode.MISSING_FIELD, "name is missing", "name");
            }
            return new NewCollection(body.name, body.dimension, body.metric, body.model, body.textIndex);
        }

        private void member(JsonReader json, String member) {
            if (member.equals("name")) {
                name = json.string();
            } else if (!json.nothing()) {
                switch (member) {
                    case "dimension" -> dimension = json.integer(1, Integer.MAX_VALUE);
                    case "metric" -> metric = Metric.parse(json.string(), member);
                    case "model" -> model = json.string();
                    case "text_index" -> textIndex = json.bool();
                    default -> throw new IllegalStateException(member);
                }
            }
        }
    }
}
