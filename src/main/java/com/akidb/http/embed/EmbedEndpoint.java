package com.akidb.http.embed;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import reactor.core.publisher.Mono;

/** {@code POST /embed}: up to 32 texts to vectors. */
final class EmbedEndpoint implements Endpoint {

    private static final byte[] EMBEDDINGS = piece("{\"embeddings\":");
    private static final byte[] MODEL = piece(",\"model\":");
    private static final byte[] DIMENSION = piece(",\"dimension\":");
    private static final byte[] TOKENS = piece(",\"usage\":{\"total_tokens\":");
    private static final byte[] DURATION = piece(",\"duration_ms\":");
    private static final byte[] TRUNCATED = piece(",\"truncated\":");

    private final EmbeddingManager manager;

    EmbedEndpoint(EmbeddingManager manager) {
        this.manager = manager;
    }

    @Override
    public Mono<Answer> handle(Call call) {
        EmbedBody body = EmbedBody.read(call.json());
        EmbeddingRequest request = body.request(call.timeLeft(), call.account());
        return call.answer(() -> manager.embed(request), result -> render(request, result, body.base64()));
    }

    private static Answer render(EmbeddingRequest request, EmbeddingResult result, boolean base64) {
        JsonWriter json = new JsonWriter(256 + vectorBytes(result));
        json.put(EMBEDDINGS);
        json.array(result.vectors(), (to, vector) -> vector(to, vector, base64));
        json.put(MODEL).value(request.model() == null ? result.model() : request.model());
        json.put(DIMENSION).value(result.dimension());
        json.put(TOKENS).value(result.totalTokens());
        json.put(DURATION).value(result.durationMillis()).put('}');
        if (!result.truncated().isEmpty()) {
            json.put(TRUNCATED).array(result.truncated(), (to, index) -> to.value(index.longValue()));
        }
        return Answer.ok(json.put('}'));
    }

    static void vector(JsonWriter json, float[] vector, boolean base64) {
        if (base64) {
            json.base64(vector);
        } else {
            json.value(vector);
        }
    }

    /** About how long the vectors are in JSON. */
    static int vectorBytes(EmbeddingResult result) {
        return result.vectors().size() * result.dimension() * 13;
    }
}
