package com.akidb.http.embed;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.embedding.ClientModels;
import com.akidb.embedding.ClientModels.ClientModel;
import com.akidb.error.NotFoundException;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.FileBody;
import com.akidb.http.server.Reply;
import com.akidb.http.server.StaticFile;
import com.akidb.model.ModelSpec;
import com.akidb.model.ModelVariants.Precision;
import com.akidb.model.ModelVariants.Variant;
import java.util.Arrays;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/**
 * {@code GET /models/{model}/files/{file}}: what a client needs to embed by itself. {@code manifest.json} says how texts become vectors
 * and which graphs there are, {@code tokenizer.json} is the model's own, {@code int8.onnx} and the like are the graphs.
 */
final class ModelFileEndpoint implements Endpoint {

    private static final String MANIFEST = "manifest.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String BINARY = "application/octet-stream";
    private static final String GRAPH = ".onnx";
    /** It may have become another since, under the same name. */
    private static final String ASK_FIRST = "private, no-cache";

    private static final byte[] MODEL = piece("{\"model\":");
    private static final byte[] FINGERPRINT = piece(",\"fingerprint\":");
    private static final byte[] DIMENSIONS = piece(",\"dimensions\":");
    private static final byte[] MAX_TOKENS = piece(",\"max_tokens\":");
    private static final byte[] POOLING = piece(",\"pooling\":");
    private static final byte[] NORMALIZE = piece(",\"normalize\":true");
    private static final byte[] QUERY_PROMPT = piece(",\"prompts\":{\"query\":");
    private static final byte[] DOCUMENT_PROMPT = piece(",\"document\":");
    private static final byte[] PROMPTS_SEARCHES = piece(",\"search\":");
    private static final byte[] TOKENIZER_BYTES = piece("},\"tokenizer\":{\"file\":\"tokenizer.json\",\"bytes\":");
    private static final byte[] VARIANTS = piece("},\"variants\":");
    private static final byte[] NAME = piece("{\"name\":");
    private static final byte[] FILE = piece(",\"file\":");
    private static final byte[] BYTES = piece(",\"bytes\":");
    private static final byte[] SHA256 = piece(",\"sha256\":");
    private static final byte[] LOWEST_COSINE = piece(",\"lowest_cosine\":");

    private final ClientModels models;

    ModelFileEndpoint(ClientModels models) {
        this.models = models;
    }

    @Override
    public Mono<Reply> handle(Call call) {
        String model = call.variable(0);
        String file = call.variable(1);
        return switch (file) {
            case MANIFEST -> call.blocking(() -> models.model(model), its -> manifest(call, its));
            case TOKENIZER ->
                call.blocking(
                        () -> models.tokenizer(model),
                        its -> FileBody.tagged(call, its.file(), its.bytes(), Answer.JSON, its.tag(), ASK_FIRST));
            default -> {
                Precision precision = precision(file);
                yield call.blocking(
                        () -> models.variant(model, precision),
                        its -> FileBody.tagged(call, its.file(), its.bytes(), BINARY, its.tag(), ASK_FIRST));
            }
        };
    }

    private static Precision precision(String file) {
        return Arrays.stream(Precision.values())
                .filter(precision -> file.equals(precision.wireName() + GRAPH))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("There is no such file of a model"));
    }

    private static Reply manifest(Call call, ClientModel model) {
        ModelSpec spec = model.spec();
        JsonWriter json = new JsonWriter(1024).put(MODEL).value(spec.id());
        json.put(FINGERPRINT).value(model.fingerprint()).put(DIMENSIONS).value(spec.dimension());
        json.put(MAX_TOKENS).value(spec.maxTokens());
        json.put(POOLING).value(spec.pooling().wireName()).put(NORMALIZE);
        json.put(QUERY_PROMPT).value(spec.queryPrefix()).put(DOCUMENT_PROMPT).value(spec.documentPrefix());
        json.put(PROMPTS_SEARCHES).value(spec.promptsSearches());
        json.put(TOKENIZER_BYTES).value(model.tokenizer().bytes());
        json.put(VARIANTS).array(model.variants(), ModelFileEndpoint::variant).put('}');
        byte[] bytes = Arrays.copyOf(json.array(), json.size());
        return new StaticFile(bytes, Answer.JSON, Map.of(HttpHeaders.CACHE_CONTROL, ASK_FIRST)).answer(call);
    }

    private static void variant(JsonWriter json, Variant variant) {
        String name = variant.precision().wireName();
        json.put(NAME).value(name).put(FILE).value(name + GRAPH).put(BYTES).value(variant.bytes());
        json.put(SHA256).value(variant.sha256());
        json.put(LOWEST_COSINE).value(variant.lowestCosine()).put('}');
    }
}
