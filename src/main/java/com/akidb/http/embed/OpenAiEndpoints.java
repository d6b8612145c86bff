package com.akidb.http.embed;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingResult;
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
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The dialect of OpenAI's API, so that its clients work by changing their base URL. */
final class OpenAiEndpoints {

    private static final byte[] LIST = piece("{\"object\":\"list\",\"data\":");
    private static final byte[] EMBEDDING = piece("{\"object\":\"embedding\",\"index\":");
    private static final byte[] VECTOR = piece(",\"embedding\":");
    private static final byte[] MODEL = piece(",\"model\":");
    private static final byte[] PROMPT_TOKENS = piece(",\"usage\":{\"prompt_tokens\":");
    private static final byte[] TOTAL_TOKENS = piece(",\"total_tokens\":");
    private static final byte[] ID = piece("{\"id\":");
    private static final byte[] OWNED = piece(",\"object\":\"model\",\"created\":0,\"owned_by\":\"akidb\",\"usable\":");
    private static final byte[] REASON = piece(",\"reason\":");

    private final EmbeddingManager manager;

    OpenAiEndpoints(EmbeddingManager manager) {
        this.manager = manager;
    }

    void addTo(RouteTable routes) {
        routes.add("POST", "/v1/embeddings", Scope.READ, Endpoint.with(this::embed, Extra.LIMITED))
                .add("GET", "/v1/models", Scope.READ, Endpoint.with(this::models, Extra.LIMITED))
                .add("GET", "/v1/models/{*model}", Scope.READ, Endpoint.with(this::model, Extra.LIMITED));
    }

    private Mono<Answer> embed(Call call) {
        Body body = Body.read(call.json());
        EmbeddingRequest request = body.options.request(body.input, "input", call.timeLeft(), call.account());
        return call.answer(() -> manager.embed(request), result -> render(request, result, body.options));
    }

    private static Answer render(EmbeddingRequest request, EmbeddingResult result, EmbedOptions options) {
        JsonWriter json = options.writer(result);
        json.put(LIST);
        int[] index = {0};
        json.array(result.vectors(), (to, vector) -> {
            to.put(EMBEDDING).value(index[0]++).put(VECTOR).value(vector).put('}');
        });
        json.put(MODEL).value(request.model() == null ? result.model() : request.model());
        json.put(PROMPT_TOKENS).value(result.totalTokens());
        json.put(TOTAL_TOKENS).value(result.totalTokens()).put('}');
        return Answer.ok(json.put('}'));
    }

    private Mono<Answer> models(Call call) {
        return call.blocking(
                manager::models,
                models -> Answer.ok(new JsonWriter(2048)
                        .put(LIST)
                        .array(models, (to, model) -> model(to, model.id(), model))
                        .put('}')));
    }

    private Mono<Answer> model(Call call) {
        String name = call.variable(0);
        return call.blocking(() -> manager.modelInfo(name), model -> {
            JsonWriter json = new JsonWriter(256);
            model(json, name, model);
            return Answer.ok(json);
        });
    }

    /** As that API has it, and whether the model can be used now. */
    private static void model(JsonWriter json, String id, ModelInfo model) {
        json.put(ID).value(id).put(OWNED).value(model.refusal() == null);
        if (model.refusal() != null) {
            json.put(REASON).value(model.refusal());
        }
        json.put('}');
    }

    /** The body of {@code POST /v1/embeddings}, as OpenAI's API has it. */
    private static final class Body {

        /** As many as OpenAI's own API takes. */
        private static final int MOST_TEXTS = 2_048;

        private static final Fields FIELDS = Fields.of(
                "input",
                "model",
                "encoding_format",
                "dimensions",
                "user",
                "truncate",
                "input_type",
                "normalize",
                "pooling");

        private final EmbedOptions options = new EmbedOptions(true);
        private @Nullable List<String> input;

        static Body read(JsonReader json) {
            Body body = new Body();
            json.object(FIELDS, body::member);
            json.end();
            return body;
        }

        private void member(JsonReader json, String name) {
            if (name.equals("input")) {
                input = json.peek() == '"'
                        ? List.of(json.string())
                        : EmbedOptions.texts(json, "a string or an array of strings", MOST_TEXTS, name, Body::text);
            } else if (!json.nothing()) {
                if (name.equals("user")) {
                    json.string();
                } else {
                    options.read(json, name);
                }
            }
        }

        private static String text(JsonReader item) {
            char next = item.peek();
            if (next == '[' || (next >= '0' && next <= '9')) {
                throw new InvalidInputException(
                        ErrorCode.WRONG_TYPE,
                        "input as token arrays is not supported, since models here have tokenizers of their own; send"
                                + " text (LangChain: check_embedding_ctx_length=False)",
                        "input");
            }
            return item.string();
        }
    }
}
