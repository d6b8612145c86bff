package com.akidb.http.embed;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingManager;
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
import com.akidb.model.Pooling;
import java.time.Duration;
import java.util.ArrayList;
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
        EmbeddingRequest request = body.request(call.timeLeft(), call.account());
        return call.answer(() -> manager.embed(request), result -> render(request, result, body.format()));
    }

    private static Answer render(EmbeddingRequest request, EmbeddingResult result, VectorFormat format) {
        JsonWriter json = new JsonWriter(256 + vectorBytes(result)).vectorsAs(format);
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

    /** About how long the vectors are in JSON. */
    static int vectorBytes(EmbeddingResult result) {
        return result.vectors().size() * result.dimension() * 13;
    }

    /** The body of {@code POST /embed}. Optional members may be null, which is the same as absent. */
    private static final class Body {

        private static final int MOST_TEXTS = 32;
        private static final Fields FIELDS = Fields.of(
                "texts", "model", "pooling", "normalize", "dimensions", "input_type", "encoding_format", "truncate");

        private @Nullable List<String> texts;
        private @Nullable String model;
        private @Nullable Pooling pooling;
        private @Nullable Boolean normalize;
        private @Nullable Integer dimensions;
        private InputType inputType = InputType.NONE;
        private VectorFormat format = VectorFormat.FLOAT;
        private boolean truncate = true;

        static Body read(JsonReader json) {
            Body body = new Body();
            json.object(FIELDS, body::member);
            json.end();
            return body;
        }

        private void member(JsonReader json, String name) {
            if (name.equals("texts")) {
                texts = texts(json);
            } else if (!json.nothing()) {
                option(json, name);
            }
        }

        private void option(JsonReader json, String name) {
            switch (name) {
                case "model" -> model = json.string();
                case "pooling" -> pooling = Pooling.parse(json.string(), name);
                case "normalize" -> normalize = json.bool();
                case "dimensions" -> dimensions = json.integer(1, Integer.MAX_VALUE);
                case "input_type" -> inputType = InputType.parse(json.string(), name);
                case "encoding_format" -> format = VectorFormat.parse(json.string(), name);
                case "truncate" -> truncate = json.bool();
                default -> throw new IllegalStateException(name);
            }
        }

        private static List<String> texts(JsonReader json) {
            List<String> texts = new ArrayList<>();
            json.array("an array of strings", (item, index) -> {
                if (index == MOST_TEXTS) {
                    throw new InvalidInputException(
                            ErrorCode.OUT_OF_RANGE, "Maximum " + MOST_TEXTS + " texts per request", "texts");
                }
                texts.add(item.string());
            });
            if (texts.isEmpty()) {
                throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "texts cannot be empty", "texts");
            }
            return texts;
        }

        EmbeddingRequest request(Duration timeout, Account account) {
            if (texts == null) {
                throw new InvalidInputException(ErrorCode.MISSING_FIELD, "texts is missing", "texts");
            }
            return new EmbeddingRequest(
                    texts, model, pooling, normalize, dimensions, inputType, truncate, true, timeout, account);
        }

        VectorFormat format() {
            return format;
        }
    }
}
