package com.akidb.model.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A model as YAML describes it, before anything is checked.
 *
 * @param id name of the model in requests, metrics and answers: letters, digits, dot, dash, underscore and slash
 * @param aliases further names that requests may use
 * @param backend what runs the model: onnx (default), mlx or openai
 * @param dimension length of its vectors
 * @param maxTokens most tokens of a text that the model takes, special tokens included
 * @param pooling how hidden states become a vector: mean (default), cls or last
 * @param prompts what is put before texts
 * @param matryoshka fewest dimensions that its vectors may be cut to; absent if the model was not trained for that
 * @param type what the model list says: sentence (default) or document
 * @param source where its files come from
 * @param refusal why the model cannot be used, if it is listed only to say so
 */
public record ModelEntry(
        @Nullable String id,
        @DefaultValue List<String> aliases,
        @DefaultValue("onnx") String backend,
        @Nullable Integer dimension,
        @Nullable Integer maxTokens,
        @DefaultValue("mean") String pooling,
        @DefaultValue Prompts prompts,
        @Nullable Integer matryoshka,
        @DefaultValue("sentence") String type,
        @DefaultValue Source source,
        @Nullable String refusal) {

    /**
     * What is put before texts, blanks included.
     *
     * @param query before texts of input type query
     * @param document before texts of input type document
     * @param search whether searches put the query's prompt before the texts that they search by, unless told otherwise
     */
    public record Prompts(
            @DefaultValue("") String query,
            @DefaultValue("") String document,
            @DefaultValue("true") boolean search) {}

    /**
     * Where the files come from: exactly one of {@code directory}, {@code repository} and {@code classPath}. A model of the
     * backend openai has no files: it has an {@code endpoint}, or that of {@code akidb.openai} if absent.
     *
     * @param directory a directory on this machine
     * @param repository a repository of the hub, such as {@code sentence-transformers/all-MiniLM-L6-v2}
     * @param revision branch, tag or commit of the repository; {@code main} if absent
     * @param classPath a folder on the class path
     * @param model path of the weights in there; if absent, {@code model.onnx}, in a repository {@code onnx/model.onnx}, and
     *     for mlx {@code model.safetensors}, which also stands for weights that an index beside it splits;
     *     for openai the model's name there, by default what follows the last slash of the id
     * @param tokenizer path of the tokenizer in there
     * @param endpoint base URL of an API that speaks OpenAI's dialect
     * @param keyVariable environment variable with the key for that endpoint; no key is sent if absent
     */
    public record Source(
            @Nullable String directory,
            @Nullable String repository,
            @Nullable String revision,
            @Nullable String classPath,
            @Nullable String model,
            @DefaultValue("tokenizer.json") String tokenizer,
            @Nullable String endpoint,
            @Nullable String keyVariable) {}
}
