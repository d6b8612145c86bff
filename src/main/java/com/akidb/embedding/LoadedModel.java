package com.akidb.embedding;

import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingManager.WorkerCounts;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.EmbeddingRequest.Urgency;
import com.akidb.embedding.VectorCache.VectorSpace;
import com.akidb.embedding.batching.BatchingProperties;
import com.akidb.embedding.batching.MicroBatcher;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model in memory, warm, with its tokenizer and its queue. Safe for many threads. */
final class LoadedModel implements AutoCloseable {

    /**
     * A text made ready for a model.
     *
     * @param text the text, prompt included; cut only for a model that takes texts
     * @param tokens its token ids; empty for a model that takes texts
     * @param length how many tokens it is, an estimate for a model that takes texts
     * @param truncated whether it was longer than the model takes
     */
    record Prepared(String text, int[] tokens, int length, boolean truncated) {}

    private static final int[] NO_TOKENS = {};

    private final ModelSpec spec;
    private final String files;
    private final String fingerprint;
    private final EmbeddingBackend backend;
    private final @Nullable TextTokenizer tokenizer;
    private final MicroBatcher batcher;

    private LoadedModel(
            ModelSpec spec,
            String files,
            EmbeddingBackend backend,
            @Nullable TextTokenizer tokenizer,
            MicroBatcher batcher) {
        this.spec = spec;
        this.files = files;
        this.fingerprint = fingerprint(spec, files);
        this.backend = backend;
        this.tokenizer = tokenizer;
        this.batcher = batcher;
    }

    /** Opens and warms a model; blocks. */
    static LoadedModel open(
            ModelSpec spec,
            ModelFiles files,
            EmbeddingBackendFactory backends,
            int batchSize,
            BatchingProperties batching,
            EmbeddingMetrics.OfModel metrics) {
        EmbeddingBackend backend = backends.open(spec, files);
        TextTokenizer tokenizer = null;
        try {
            if (backend instanceof TokenBackend) {
                tokenizer = TextTokenizer.open(files.tokenizer(), spec.id(), spec.maxTokens());
            }
            backend.warmUp();
            MicroBatcher batcher = new MicroBatcher(
                    spec.id(), backend, backend.batchPolicy().withAtMostTexts(batchSize), batching, metrics);
            metrics.watchQueue(batcher::depth);
            return new LoadedModel(spec, files.fingerprint(), backend, tokenizer, batcher);
        } catch (RuntimeException e) {
            if (tokenizer != null) {
                tokenizer.close();
            }
            backend.close();
            throw e;
        }
    }

    ModelSpec spec() {
        return spec;
    }

    /** What makes the vectors of this model what they are, as far as a caller cannot choose it; 32 hexadecimal digits. */
    String fingerprint() {
        return fingerprint;
    }

    private static String fingerprint(ModelSpec spec, String files) {
        String made = String.join(
                "\0",
                files,
                spec.pooling().name(),
                spec.queryPrefix(),
                spec.documentPrefix(),
                Boolean.toString(spec.promptsSearches()),
                Integer.toString(spec.maxTokens()));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(made.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** Makes a text, prompt included, ready for this model. */
    Prepared prepare(String text) {
        if (tokenizer == null) {
            String cut = TokenEstimate.cut(text, spec.maxTokens());
            return new Prepared(cut, NO_TOKENS, TokenEstimate.of(cut), cut.length() < text.length());
        }
        TextTokenizer.Tokens tokens = tokenizer.tokenize(text);
        return new Prepared(text, tokens.ids(), tokens.ids().length, tokens.truncated());
    }

    VectorSpace space(Pooling pooling, boolean normalize, int dimension, InputType inputType) {
        return new VectorSpace(files, pooling, normalize, dimension, inputType.promptOf(spec));
    }

    void submit(List<Flight> flights, Urgency urgency) {
        batcher.submit(flights, urgency);
    }

    boolean isAlive() {
        return batcher.isAlive();
    }

    /** Why the backend cannot be used at the moment; empty if it can. */
    Optional<String> trouble() {
        return backend.trouble();
    }

    Optional<WorkerCounts> workers() {
        return backend.workers();
    }

    /** Whether the latest call of the backend failed. */
    boolean isFailing() {
        return batcher.isFailing();
    }

    /** Works off what is queued, then frees the memory. */
    @Override
    public void close() {
        batcher.close();
        backend.close();
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
