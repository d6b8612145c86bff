package com.akidb.http.embed;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        Body body = Body.read(call.json());
        EmbeddingRequest request = body.options.request(body.texts, "texts", call.timeLeft(), call.account());
        return call.answer(() -> manager.embed(request), result -> render(request, result, body.options));
    }

    private static Answer render(EmbeddingRequest request, EmbeddingResult result, EmbedOptions options) {
        JsonWriter json = options.writer(result);
        json.put(EMBEDDINGS);
        json.array(result.vectors(), JsonWriter::value);
        json.put(MODEL).value(request.model() == null ? result.model() : request.model());
        json.put(DIMENSION).value(result.dimension());
        json.put(TOKENS).value(result.totalTokens());
        json.put(DURATION).value(result.durationMillis()).put('}');
        if (!result.truncated().isEmpty()) {
            json.put(TRUNCATED).array(result.truncated(), (to, index) -> to.value(index.longValue()));
        }
        return Answer.ok(json.put('}'));
    }

    /** The body of a request. Optional members may be null, which is the same as absent. */
    private static final class Body {
        private static final int MOST_TEXTS = 32;
        private static final Fields FIELDS = Fields.of(
                "texts", "model", "pooling", "normalize", "dimensions", "input_type", "encoding_format", "truncate");

        private final EmbedOptions options = new EmbedOptions(null);
        private @Nullable List<String> texts;

        static Body read(JsonReader json) {
            Body body = new Body();
            json.object(FIELDS, body::member);
            json.end();
            return body;
        }

        private void member(JsonReader json, String name) {
            if (name.equals("texts")) {
                texts = EmbedOptions.texts(json, "an array of strings", MOST_TEXTS, name, JsonReader::string);
            } else if (!json.nothing()) {
                options.read(json, name);
            }
        }
    }
}
