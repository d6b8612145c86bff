package com.akidb.embedding;

import com.akidb.account.Account;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
 * @param account the account that the texts are charged to
 * @param urgency whether a caller waits for the vectors
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

    /** The timeout of requests that do not name one. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    public EmbeddingRequest {
        texts = List.copyOf(texts);
    }

    /** A request of urgency {@link Urgency#INTERACTIVE}. */
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

    /** A request for texts with all other options at their defaults. */
    public static EmbeddingRequest of(List<String> texts, @Nullable String model, Account account) {
        return new EmbeddingRequest(
                texts, model, null, true, null, InputType.NONE, true, true, DEFAULT_TIMEOUT, account);
    }

    /** Whether a caller waits for the vectors. */
    public enum Urgency {
        /** A caller waits for the answer. */
        INTERACTIVE,
        /**
         * Nobody waits at once: the texts go behind all interactive ones, and while there are any they leave one worker of
         * several free. They are dropped, not worked off, when the server stops.
         */
        BACKGROUND
    }

    /** What a text is for; models that were trained with prompts put theirs before it. */
    public enum InputType {
        NONE,
        QUERY,
        DOCUMENT;

        /** The type that requests call {@code query} or {@code document}; {@code field} is to blame for any other name. */
        public static InputType parse(String name, String field) {
            return switch (name) {
                case "query" -> QUERY;
                case "document" -> DOCUMENT;
                default ->
                    throw new InvalidInputException(
                            ErrorCode.INVALID_ARGUMENT,
                            "Unknown input_type '" + name + "'; known are query, document",
                            field);
            };
        }

        /** As answers call it: {@code none}, {@code query} or {@code document}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The prompt that a model puts before such texts; empty for none. */
        public String promptOf(ModelSpec model) {
            return switch (this) {
                case NONE -> "";
                case QUERY -> model.queryPrefix();
                case DOCUMENT -> model.documentPrefix();
            };
        }
    }
}
