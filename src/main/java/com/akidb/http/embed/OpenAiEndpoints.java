package com.akidb.http.embed;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.RouteTable;
import com.akidb.security.Scope;
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
        routes.add("POST", "/v1/embeddings", Scope.READ, this::embed)
                .add("GET", "/v1/models", Scope.READ, this::models)
                .add("GET", "/v1/models/{*model}", Scope.READ, this::model);
    }

    private Mono<Answer> embed(Call call) {
        OpenAiBody body = OpenAiBody.read(call.json());
        EmbeddingRequest request = body.request(call.timeLeft(), call.account());
        return call.answer(() -> manager.embed(request), result -> render(request, result, body.base64()));
    }

    private static Answer render(EmbeddingRequest request, EmbeddingResult result, boolean base64) {
        JsonWriter json = new JsonWriter(256 + EmbedEndpoint.vectorBytes(result));
        json.put(LIST);
        int[] index = {0};
        json.array(result.vectors(), (to, vector) -> {
            to.put(EMBEDDING).value(index[0]++).put(VECTOR);
            EmbedEndpoint.vector(to, vector, base64);
            to.put('}');
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
}
