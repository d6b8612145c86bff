package com.akidb.model.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.configuration.ConfigurationProblem;
import com.akidb.configuration.InvalidConfigurationException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.model.EmbeddingDefaults;
import com.akidb.model.ModelSettings;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the registry knows by itself, what users add to it, and what it refuses. */
class RegisteredModelsTests {

    private static final EmbeddingDefaults DEFAULTS =
            new EmbeddingDefaults("all-minilm-l6-v2", null, true, null, true, 32);

    @TempDir
    Path directory;

    @Test
    void knowsMiniLmByItsIdAndItsHubName() {
        RegisteredModels models = RegisteredModels.of(settings(null), DEFAULTS);

        ModelSpec spec = models.resolve("sentence-transformers/all-MiniLM-L6-v2");
        assertThat(spec).isEqualTo(models.resolve("all-minilm-l6-v2")).isEqualTo(models.defaultModel());
        assertThat(spec.dimension()).isEqualTo(384);
        assertThat(spec.maxTokens()).isEqualTo(256);
        assertThat(spec.pooling()).isEqualTo(Pooling.MEAN);
        assertThat(spec.matryoshka()).isFalse();
        assertThat(spec.refusalReason()).isEmpty();
    }

    @Test
    void listsTheModelsOfMlxWorkers() {
        RegisteredModels models = RegisteredModels.of(settings(null), DEFAULTS);

        ModelSpec mean = models.resolve("qwen3-0.6b-4bit");
        ModelSpec last = models.resolve("qwen3-embedding-0.6b");
        assertThat(mean.pooling()).isEqualTo(Pooling.MEAN);
        assertThat(last.pooling()).isEqualTo(Pooling.LAST);
        assertThat(mean.source()).isEqualTo(last.source());
        assertThat(mean.minDimension()).isEqualTo(32);
        assertThat(mean.queryPrefix()).startsWith("Instruct: ").endsWith("\nQuery:");
        assertThat(List.of(mean, last, models.resolve("gemma-300m-4bit"), models.resolve("all-minilm-l6-v2-mlx")))
                .allSatisfy(spec -> assertThat(spec.backend()).isEqualTo("mlx"));
    }

    @Test
    void readsFurtherModelsFromAFileSoThatTheyNeedNoCode() throws IOException {
        Path file = write("""
            models:
              - id: bge-small
                aliases: [BAAI/bge-small-en-v1.5]
                dimension: 384
                max_tokens: 512
                pooling: cls
                prompts: {query: "Represent this sentence: "}
                matryoshka: 64
                source: {repository: BAAI/bge-small-en-v1.5, revision: 5c38ec7}
              - {id: mine, dimension: 8, max-tokens: 16, source: {directory: /models/mine}}
            """);

        RegisteredModels models = RegisteredModels.of(settings(file), DEFAULTS);

        assertThat(models.resolve("BAAI/bge-small-en-v1.5"))
                .isEqualTo(new ModelSpec(
                        "bge-small",
                        List.of("BAAI/bge-small-en-v1.5"),
                        "onnx",
                        384,
                        512,
                        Pooling.CLS,
                        "Represent this sentence: ",
                        true,
                        "",
                        64,
                        "sentence",
                        new ModelSource.Hub("BAAI/bge-small-en-v1.5", "5c38ec7", "onnx/model.onnx", "tokenizer.json"),
                        null));
        assertThat(models.resolve("mine").source())
                .isEqualTo(new ModelSource.LocalDirectory("/models/mine", "model.onnx", "tokenizer.json"));
    }

    @ParameterizedTest
    @CsvSource({
        "all-MiniLM-L6-v2, all-minilm-l6-v2",
        "ALL-MINILM-L6-V2, all-minilm-l6-v2",
        "all-minilm, all-minilm-l6-v2",
        "Sentence-Transformers/all-minilm-l6-v2, all-minilm-l6-v2",
        "Qwen3-Embedding-0.6B, qwen3-embedding-0.6b",
        "Qwen3-Embedding-0.6B-4bit-DWQ, qwen3-0.6b-4bit",
        "embeddinggemma-300m, gemma-300m-4bit",
        "Text-Embedding-3-Small, openai/text-embedding-3-small",
    })
    void findsModelsByTheNamesThatPeopleUse(String name, String id) {
        assertThat(RegisteredModels.of(settings(null), DEFAULTS).resolve(name).id())
                .isEqualTo(id);
    }

    @Test
    void namesTheNearestModelAndThoseThereAre() {
        RegisteredModels models = RegisteredModels.of(settings(null), DEFAULTS);
        assertThatThrownBy(() -> models.resolve("all-minilm-l6-v3"))
                .hasMessageStartingWith("Unknown model 'all-minilm-l6-v3'; did you mean 'all-minilm-l6-v2'?"
                        + " Known are all-minilm-l6-v2, qwen3-0.6b-4bit");
        assertThatThrownBy(() -> models.resolve("gpt"))
                .hasMessageStartingWith("Unknown model 'gpt'; known are all-minilm-l6-v2");
    }

    @Test
    void aShortNameThatTwoModelsCouldHaveIsNone() throws IOException {
        Path file = write("""
            models:
              - {id: ours, aliases: [ours/bge], dimension: 8, max-tokens: 16, source: {directory: /models/a}}
              - {id: theirs, aliases: [theirs/bge], dimension: 8, max-tokens: 16, source: {directory: /models/b}}
            """);
        RegisteredModels models = RegisteredModels.of(settings(file), DEFAULTS);
        assertThat(models.resolve("theirs/BGE").id()).isEqualTo("theirs");
        assertThatThrownBy(() -> models.resolve("bge")).hasMessageContaining("Unknown model 'bge'");
    }

    @Test
    void searchesPromptAsModelCardsSayExceptWhereVectorsMustStayComparable() {
        RegisteredModels models = RegisteredModels.of(settings(null), DEFAULTS);
        assertThat(models.resolve("qwen3-embedding-0.6b").promptsSearches()).isTrue();
        assertThat(models.resolve("gemma-300m-4bit").promptsSearches()).isTrue();
        assertThat(models.resolve("qwen3-0.6b-4bit").promptsSearches()).isFalse();
        assertThat(models.resolve("qwen3-0.6b-4bit").queryPrefix()).isNotEmpty();
    }

    @Test
    void takesAModelFromADirectoryInsteadOfItsRepository() throws IOException {
        Path weights = Files.createDirectory(directory.resolve("weights"));
        ModelSettings settings = new ModelSettings(
                null, List.of(), Map.of("qwen3-embedding-0.6b", weights.toString()), directory.resolve("cache"));

        RegisteredModels models = RegisteredModels.of(settings, DEFAULTS);

        ModelSpec spec = models.resolve("Qwen/Qwen3-Embedding-0.6B");
        assertThat(spec.source())
                .isEqualTo(new ModelSource.LocalDirectory(weights.toString(), "model.safetensors", "tokenizer.json"));
        assertThat(models.models())
                .contains(spec)
                .hasSameSizeAs(RegisteredModels.of(settings(null), DEFAULTS).models());
    }

    @Test
    void refusesDirectoriesOfUnknownModelsAndThoseThatAreNotThere() {
        ModelSettings settings = new ModelSettings(
                null,
                List.of(),
                new TreeMap<>(Map.of("qwen4", directory.toString(), "gemma-300m-4bit", "/no/such/folder")),
                directory.resolve("cache"));

        assertThat(problemsOf(settings, DEFAULTS))
                .extracting(ConfigurationProblem::toString)
                .containsExactlyInAnyOrder(
                        "akidb.models.directories[gemma-300m-4bit]: must be a directory, is '/no/such/folder'",
                        "akidb.models.directories: must name models by id, has 'qwen4'; known are all-minilm-l6-v2,"
                                + " qwen3-0.6b-4bit, qwen3-embedding-0.6b, gemma-300m-4bit, all-minilm-l6-v2-mlx,"
                                + " openai/text-embedding-ada-002, openai/text-embedding-3-small,"
                                + " openai/text-embedding-3-large");
    }

    @Test
    void listsModelsOfAnOutsideProvider() {
        RegisteredModels models = RegisteredModels.of(settings(null), DEFAULTS);
        ModelSpec ada = models.resolve("text-embedding-ada-002");

        assertThat(ada.id()).isEqualTo("openai/text-embedding-ada-002");
        assertThat(ada.dimension()).isEqualTo(1536);
        assertThat(ada.type()).isEqualTo("document");
        assertThat(ada.matryoshka()).isFalse();
        assertThat(ada.source()).isEqualTo(new ModelSource.Endpoint("", "text-embedding-ada-002", ""));
        assertThat(models.resolve("openai/text-embedding-3-large").matryoshka()).isTrue();
    }

    @Test
    void readsAnEndpointOfItsOwn() throws IOException {
        Path file = write("""
            models:
              - id: corp/words
                backend: openai
                dimension: 8
                max-tokens: 16
                source: {endpoint: "https://models.example.com/v1/", key-variable: CORP_KEY}
              - id: local
                backend: openai
                dimension: 8
                max-tokens: 16
                source: {endpoint: "http://127.0.0.1:8081/v1", key-variable: LOCAL_KEY, model: "nomic:latest"}
            """);

        RegisteredModels models = RegisteredModels.of(settings(file), DEFAULTS);

        assertThat(models.resolve("corp/words").source())
                .isEqualTo(new ModelSource.Endpoint("https://models.example.com/v1", "words", "CORP_KEY"));
        assertThat(models.resolve("local").source())
                .isEqualTo(new ModelSource.Endpoint("http://127.0.0.1:8081/v1", "nomic:latest", "LOCAL_KEY"));
    }

    @Test
    void refusesEndpointsThatCannotBeOrWouldGiveTheKeyAway() throws IOException {
        String entry = "  - {id: m%d, backend: %s, dimension: 8, max-tokens: 16, source: {%s}}\n";
        List<String> sources = List.of(
                "endpoint: \"http://models.example.com/v1\", key-variable: K",
                "endpoint: \"ftp://models.example.com\"",
                "endpoint: \"https://user:pass@models.example.com\"",
                "endpoint: \"no address\"",
                "endpoint: \"https://models.example.com\", key-variable: \"sk-4711\"",
                "key-variable: K",
                "directory: /models/mine");
        StringBuilder yaml = new StringBuilder("models:\n");
        for (int i = 0; i < sources.size(); i++) {
            yaml.append(String.format(Locale.ROOT, entry, i, "openai", sources.get(i)));
        }
        yaml.append(String.format(Locale.ROOT, entry, 7, "onnx", "directory: /m, endpoint: \"https://a.example.com\""));

        assertThat(problemsOf(settings(write(yaml.toString())), DEFAULTS))
                .extracting(ConfigurationProblem::key)
                .containsExactly(
                        "models[0].source.endpoint",
                        "models[1].source.endpoint",
                        "models[2].source.endpoint",
                        "models[3].source.endpoint",
                        "models[4].source.key-variable",
                        "models[5].source.key-variable",
                        "models[6].source",
                        "models[7].source");
    }

    @Test
    void wantsOfModelsForMlxADirectoryOfWeightsUnderTheirUsualName() throws IOException {
        Path file = write("""
            models:
              - {id: a, backend: mlx, dimension: 8, max-tokens: 16, source: {repository: a/b, model: mlx/model.safetensors}}
              - {id: b, backend: mlx, dimension: 8, max-tokens: 16, source: {class-path: /}}
              - {id: c, backend: mlx, dimension: 8, max-tokens: 16, source: {directory: /m, model: weights.npz}}
            """);

        assertThat(problemsOf(settings(file), DEFAULTS))
                .extracting(ConfigurationProblem::key)
                .containsExactly("models[1].source.class-path", "models[2].source.model");
    }

    @Test
    void letsModelsForMlxDoWithoutASourceSinceAPackageMayBringTheirWeights() throws IOException {
        Path file = write("""
            models:
              - {id: a, backend: mlx, dimension: 8, max-tokens: 16}
            """);

        assertThat(RegisteredModels.of(settings(file), DEFAULTS).resolve("a").source())
                .isEqualTo(new ModelSource.OwnPackage("model.safetensors", "tokenizer.json"));

        Path both = write("""
            models:
              - {id: a, backend: mlx, dimension: 8, max-tokens: 16, source: {directory: /m, repository: a/b}}
            """);
        assertThat(problemsOf(settings(both), DEFAULTS))
                .extracting(ConfigurationProblem::rule)
                .containsExactly("must have at most one of directory, repository");
    }

    @Test
    void putsTheDefaultModelFirstAndGivesItTheDefaultsOfTheConfiguration() throws IOException {
        Path file = write("models: [{id: mine, aliases: [me], dimension: 8, max-tokens: 16, source: {directory: /m}}]");

        RegisteredModels models =
                RegisteredModels.of(settings(file), new EmbeddingDefaults("me", Pooling.CLS, true, 12, true, 32));

        assertThat(models.models().getFirst()).isEqualTo(models.defaultModel()).isEqualTo(models.resolve("mine"));
        assertThat(models.defaultModel().pooling()).isEqualTo(Pooling.CLS);
        assertThat(models.defaultModel().maxTokens()).isEqualTo(12);
        assertThat(models.resolve("all-minilm-l6-v2").maxTokens()).isEqualTo(256);
    }

    @Test
    void namesTheModelsThereAreWhenARequestNamesAnother() {
        InvalidInputException refusal = catchThrowableOfType(
                InvalidInputException.class,
                () -> RegisteredModels.of(settings(null), DEFAULTS).resolve("gpt"));

        assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_MODEL);
        assertThat(refusal.field()).contains("model");
        assertThat(refusal).hasMessageStartingWith("Unknown model 'gpt'").hasMessageContaining("all-minilm-l6-v2");
    }

    @Test
    void saysEverythingThatIsWrongWithAnEntryAtOnce() throws IOException {
        Path file = write("""
            models:
              - id: "bad id"
                backend: torch
                dimension: many
                pooling: max
                matryoshka: 4
                type: word
                poolin: mean
                source: {directory: /m, repository: a/b, model: ../up.onnx}
            """);

        assertThat(problemsOf(settings(file), DEFAULTS))
                .extracting(ConfigurationProblem::key)
                .containsExactlyInAnyOrder(
                        "models[0].dimension",
                        "models[0].poolin",
                        "models[0].id",
                        "models[0].backend",
                        "models[0].max-tokens",
                        "models[0].pooling",
                        "models[0].matryoshka",
                        "models[0].type",
                        "models[0].source",
                        "models[0].source.model");
        assertThat(problemsOf(settings(file), DEFAULTS))
                .extracting(ConfigurationProblem::toString)
                .anySatisfy(text -> assertThat(text)
                        .contains("must be a whole number, is 'many'")
                        .contains("models.yaml] - 4:16"))
                .anySatisfy(text -> assertThat(text).contains("did you mean models[].pooling?"));
    }

    @Test
    void refusesNamesThatAreTaken() throws IOException {
        Path file = write("""
            models:
              - {id: all-minilm-l6-v2, dimension: 8, max-tokens: 16, source: {directory: /m}}
              - {id: other, aliases: [sentence-transformers/all-MiniLM-L6-v2, other], dimension: 8, max-tokens: 16, source: {directory: /m}}
            """);

        assertThat(problemsOf(settings(file), DEFAULTS))
                .extracting(ConfigurationProblem::rule)
                .containsExactly(
                        "must be unique; 'all-minilm-l6-v2' already names the model all-minilm-l6-v2",
                        "must be unique; 'sentence-transformers/all-MiniLM-L6-v2' already names the model"
                                + " all-minilm-l6-v2",
                        "must be unique; 'other' already names the model other");
    }

    @Test
    void refusesADefaultModelThatIsUnknownOrCannotBeUsed() throws IOException {
        Path file = write("""
            models:
              - id: retired
                dimension: 3
                max-tokens: 8
                source: {directory: /m}
                refusal: It has been retired.
            """);
        assertThat(problemsOf(settings(null), new EmbeddingDefaults("nope", null, true, null, true, 32)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .startsWith("akidb.embedding.model-name: must be the id or an alias of a model, is 'nope'"));
        assertThat(problemsOf(settings(file), new EmbeddingDefaults("retired", null, true, null, true, 32)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.rule()).contains("It has been retired."));
        assertThat(problemsOf(settings(null), new EmbeddingDefaults("all-minilm-l6-v2", null, true, 512, true, 32)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.rule())
                        .isEqualTo("must be at most 256, which is what all-minilm-l6-v2 takes, is 512"));
    }

    @Test
    void refusesAFileThatIsMissingOrNoYaml() throws IOException {
        assertThat(problemsOf(settings(directory.resolve("none.yaml")), DEFAULTS))
                .singleElement()
                .satisfies(problem -> assertThat(problem.key()).isEqualTo("akidb.models.file"));
        assertThatThrownBy(() -> RegisteredModels.of(settings(write("models: [")), DEFAULTS))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("must be readable YAML");
    }

    private static List<ConfigurationProblem> problemsOf(ModelSettings settings, EmbeddingDefaults defaults) {
        return catchThrowableOfType(InvalidConfigurationException.class, () -> RegisteredModels.of(settings, defaults))
                .problems();
    }

    private ModelSettings settings(@Nullable Path file) {
        return new ModelSettings(file, List.of(), Map.of(), directory.resolve("cache"));
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("models.yaml"), yaml);
    }
}
