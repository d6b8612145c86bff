package com.akidb.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the registry knows about a model.
 *
 * @param id the registry id, such as {@code all-minilm-l6-v2}; used in metrics and answers
 * @param aliases further names that requests may use
 * @param backend {@code onnx}, {@code mlx} or {@code openai}
 * @param dimension length of its vectors
 * @param maxTokens most tokens of a text that the model takes, special tokens included
 * @param pooling the pooling used when a request names none
 * @param queryPrefix put before texts of input type {@code query}; empty if the model has none
 * @param promptsSearches whether searches put {@code queryPrefix} before the texts they search by, unless told otherwise
 * @param documentPrefix put before texts of input type {@code document}; empty if the model has none
 * @param minDimension fewest dimensions that vectors may be cut to and normalised again (Matryoshka); equal to
 *     {@code dimension} if the model was not trained for that
 * @param type {@code sentence} or {@code document}, as the model list shows it
 * @param source where its files come from
 * @param refusal why the model cannot be used, if it is registered only to say so
 */
public record ModelSpec(
        String id,
        List<String> aliases,
        String backend,
        int dimension,
        int maxTokens,
        Pooling pooling,
        String queryPrefix,
        boolean promptsSearches,
        String documentPrefix,
        int minDimension,
        String type,
        ModelSource source,
        @Nullable String refusal) {

    public ModelSpec {
        aliases = List.copyOf(aliases);
        if (minDimension < 1 || minDimension > dimension) {
            throw new IllegalArgumentException("minDimension must be 1 to " + dimension + ", is " + minDimension);
        }
    }

    /** The same model with other defaults. */
    public ModelSpec with(Pooling otherPooling, int otherMaxTokens) {
        return new ModelSpec(
                id,
                aliases,
                backend,
                dimension,
                otherMaxTokens,
                otherPooling,
                queryPrefix,
                promptsSearches,
                documentPrefix,
                minDimension,
                type,
                source,
                refusal);
    }

    /** The same model with its files elsewhere. */
    public ModelSpec from(ModelSource otherSource) {
        return new ModelSpec(
                id,
                aliases,
                backend,
                dimension,
                maxTokens,
                pooling,
                queryPrefix,
                promptsSearches,
                documentPrefix,
                minDimension,
                type,
                otherSource,
                refusal);
    }

    /** Whether vectors may be cut to fewer dimensions. */
    public boolean matryoshka() {
        return minDimension < dimension;
    }

    /** Why the model cannot be used; empty if it can. */
    public Optional<String> refusalReason() {
        return Optional.ofNullable(refusal);
    }
}
