package com.akidb.embedding;

import com.akidb.account.Account;
import com.akidb.model.Pooling;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts to embed and how.
 *
 * @param texts what to embed, in order; empty texts are allowed, an empty list is not
 * @param model id or alias; null for the default model
 * @param pooling null for the model's own
 * @param normalize whether vectors are scaled to L2 norm 1; null for what the configuration says
 * @param dimension cut vectors to this length; null for the model's own
 * @param inputType chooses the model's prompt
 * @param truncate whether texts longer than the model takes are cut (true) or refused (false)
 * @param useCache whether vectors may come from the cache and are put there
 * @param timeout how long the caller waits at most, queueing included
 * @param account whom the texts are charged to
 * @param urgency whether it goes before or behind others
 */
public record EmbeddingRequest(
        List<String> texts,
        @Nullable String model,
        @Nullable Pooling pooling,
        @Nullable Boolean normalize,
        @Nullable Integer dimension,
        InputType inputType,
        boolean truncate,
        boolean useCache,
        Duration timeout,
        Account account,
        Urgency urgency) {

    /** How long a caller waits who says nothing about it. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    public EmbeddingRequest {
        texts = List.copyOf(texts);
    }

    /** A request that somebody waits for. */
    public EmbeddingRequest(
            List<String> texts,
            @Nullable String model,
            @Nullable Pooling pooling,
            @Nullable Boolean normalize,
            @Nullable Integer dimension,
            InputType inputType,
            boolean truncate,
            boolean useCache,
            Duration timeout,
            Account account) {
        this(
                texts,
                model,
                pooling,
                normalize,
                dimension,
                inputType,
                truncate,
                useCache,
                timeout,
                account,
                Urgency.INTERACTIVE);
    }

    /** Texts with the defaults of everything else. */
    public static EmbeddingRequest of(List<String> texts, @Nullable String model, Account account) {
        return new EmbeddingRequest(
                texts, model, null, true, null, InputType.NONE, true, true, DEFAULT_TIMEOUT, account);
    }
}
