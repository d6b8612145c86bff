package com.akidb.http.embed;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.json.VectorFormat;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.Endpoint.Extra;
import com.akidb.http.server.RouteTable;
import com.akidb.security.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The embeddings API of tables: generate, the model list, preloading, clearing the cache. */
final class EmbeddingsEndpoints {

    private static final byte[] EMBEDDINGS = piece("{\"embeddings\":");
    private static final byte[] MODEL = piece(",\"model\":");
    private static final byte[] DIMENSIONS = piece(",\"dimensions\":");
    private static final byte[] CACHED = piece(",\"cached\":");
    private static final byte[] FINGERPRINT = piece(",\"model_fingerprint\":");
    private static final byte[] MODELS = piece("{\"models\":");
    private static final byte[] ID = piece("{\"id\":");
    private static final byte[] TYPE = piece(",\"type\":");
    private static final Fields PRELOAD = Fields.of("model");

    private final EmbeddingManager manager;
    private final String defaultModel;

    /**
     * Endpoints of a manager.
     *
     * @param defaultModel id or alias of the model for those who name none
     */
    EmbeddingsEndpoints(EmbeddingManager manager, String defaultModel) {
        this.manager = manager;
        this.defaultModel = defaultModel;
    }

    void addTo(RouteTable routes, String prefix) {
        routes.add("POST", prefix + "/embeddings/generate", Scope.READ, Endpoint.with(this::generate, Extra.LIMITED))
                .add("GET", prefix + "/embeddings/models", Scope.READ, Endpoint.with(this::models, Extra.LIMITED))
                .add("POST", prefix + "/embeddings/models/preload", Scope.ADMIN, this::preload)
                .add("DELETE", prefix + "/embeddings/cache", Scope.ADMIN, this::clearCache);
    }

    private Mono<Answer> generate(Call call) {
        GenerateBody body = GenerateBody.read(call.json());
        EmbeddingRequest request = body.request(defaultModel, call.timeLeft(), call.account());
        return call.answer(
                        () -> manager.embed(request), result -> render(String.valueOf(request.model()), result, body))
                .onErrorMap(InvalidInputException.class, EmbeddingsEndpoints::inItsOwnWords);
    }

    /** A failure that names texts means the field {@code text} here. */
    private static RuntimeException inItsOwnWords(InvalidInputException e) {
        String field = e.field().orElse("");
        return field.startsWith("texts")
                ? new InvalidInputException(e.code(), e.detail(), "text" + field.substring("texts".length()))
                : e;
    }

    private Answer render(String model, EmbeddingResult result, GenerateBody body) {
        JsonWriter json = EmbedOptions.writer(result, body.format());
        json.put(EMBEDDINGS);
        if (body.isSingle()) {
            json.value(result.vectors().getFirst());
        } else {
            json.array(result.vectors(), JsonWriter::value);
        }
        json.put(MODEL).value(model).put(DIMENSIONS).value(result.dimension());
        json.put(CACHED).value(!result.cached().contains(false));
        // by which clients that keep vectors see that a model of the same name is another by now
        manager.knownFingerprint(model).ifPresent(its -> json.put(FINGERPRINT).value(its));
        return Answer.ok(json.put('}'));
    }

    /** All models, the default first and under the name that the configuration gives it. */
    private Mono<Answer> models(Call call) {
        return call.blocking(
                () -> {
                    ModelInfo first = manager.modelInfo(defaultModel);
                    List<ModelInfo> models = new ArrayList<>(manager.models());
                    models.removeIf(model -> model.id().equals(first.id()));
                    models.addFirst(first);
                    return models;
                },
                models -> {
                    ModelInfo first = models.getFirst();
                    JsonWriter json = new JsonWriter(1024)
                            .put(MODELS)
                            .array(models, (to, each) -> model(to, each == first ? defaultModel : each.id(), each));
                    return Answer.ok(json.put('}'));
                });
    }

    private Mono<Answer> preload(Call call) {
        String[] name = {defaultModel};
        var json = call.json();
        json.object(PRELOAD, (value, field) -> name[0] = value.string());
        json.end();
        return call.answer(
                        () -> manager.preload(name[0]), model -> Answer.ok(model(new JsonWriter(256), name[0], model)))
                .onErrorMap(InvalidInputException.class, EmbeddingsEndpoints::inItsOwnWords);
    }

    private static JsonWriter model(JsonWriter json, String name, ModelInfo model) {
        json.put(ID).value(name).put(DIMENSIONS).value(model.dimension());
        return json.put(TYPE)
                .value(model.type())
                .put(CACHED)
                .value(model.cached())
                .put('}');
    }

    private Mono<Answer> clearCache(Call call) {
        manager.clearCache();
        return Mono.just(Answer.noContent());
    }

    /** The body of {@code POST /embeddings/generate}. Optional members may be null, which is the same as absent. */
    static final class GenerateBody {

        private static final int MOST_TEXTS = 100;
        private static final Fields FIELDS = Fields.of("text", "model", "options", "encoding_format");
        private static final Fields OPTIONS = Fields.of("cache", "normalize");

        private @Nullable List<String> texts;
        private boolean single;
        private @Nullable String model;
        private VectorFormat format = VectorFormat.FLOAT;
        private boolean cache = true;
        private boolean normalize = true;

        static GenerateBody read(JsonReader json) {
            GenerateBody body = new GenerateBody();
            json.object(FIELDS, body::member);
            json.end();
            return body;
        }

        private void member(JsonReader json, String name) {
            if (name.equals("text")) {
                texts = texts(json);
            } else if (!json.nothing()) {
                switch (name) {
                    case "model" -> model = json.string();
                    case "encoding_format" -> format = VectorFormat.parse(json.string(), name);
                    case "options" -> json.object(OPTIONS, this::option);
                    default -> throw new IllegalStateException(name);
                }
            }
        }

        private void option(JsonReader json, String name) {
            if (!json.nothing()) {
                switch (name) {
                    case "cache" -> cache = json.bool();
                    case "normalize" -> normalize = json.bool();
                    default -> throw new IllegalStateException(name);
                }
            }
        }

        private List<String> texts(JsonReader json) {
            single = json.peek() == '"';
            if (single) {
                return List.of(text(json));
            }
            return EmbedOptions.texts(json, "a string or an array of strings", MOST_TEXTS, "text", GenerateBody::text);
        }

        private static String text(JsonReader json) {
            String text = json.string();
            if (text.isEmpty()) {
                throw json.invalid(ErrorCode.INVALID_ARGUMENT, "cannot be empty");
            }
            return text;
        }

        /**
         * The request.
         *
         * @param defaultModel the model for those who name none
         */
        EmbeddingRequest request(String defaultModel, Duration timeout, Account account) {
            if (texts == null) {
                throw new InvalidInputException(ErrorCode.MISSING_FIELD, "text is missing", "text");
            }
            return new EmbeddingRequest(
                    texts,
                    model == null ? defaultModel : model,
                    null,
                    normalize,
                    null,
                    InputType.NONE,
                    true,
                    cache,
                    timeout,
                    account);
        }

        VectorFormat format() {
            return format;
        }

        /** Whether one text was given as a string, so that one vector is answered. */
        boolean isSingle() {
            return single;
        }
    }
}
