package com.akidb.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.model.EmbeddingDefaults;
import com.akidb.model.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Where settings come from, which is stronger, and what stops the start. */
class ConfigurationCheckerTests {

    @TempDir
    Path directory;

    private final Map<String, Object> variables = new HashMap<>();

    @Test
    void takesTheDefaultsWhenNothingIsSaid() {
        assertThat(defaultsOf()).isEqualTo(new EmbeddingDefaults("all-minilm-l6-v2", null, true, null, true, 32));
    }

    @Test
    void readsTheEmbeddingConfigurationWithItsUnderscores() throws IOException {
        file("""
            embedding:
              model_name: sentence-transformers/all-MiniLM-L6-v2
              pooling: cls
              normalize: false
              max_tokens: 128
              auto_download: false
              batch_size: 8
            """);

        assertThat(defaultsOf())
                .isEqualTo(new EmbeddingDefaults(
                        "sentence-transformers/all-MiniLM-L6-v2", Pooling.CLS, false, 128, false, 8));
    }

    @Test
    void letsTheEnvironmentOverruleTheFileAndTheCommandLineOverruleBoth() throws IOException {
        file("embedding: {batch_size: 8, max_tokens: 100, pooling: cls}");
        variables.put("AKIDB_EMBEDDING_BATCH_SIZE", "9");
        variables.put("AKIDB_EMBEDDING_MAX_TOKENS", "101");

        EmbeddingDefaults defaults = defaultsOf("--akidb.embedding.max-tokens=102");

        assertThat(defaults.pooling()).isEqualTo(Pooling.CLS);
        assertThat(defaults.batchSize()).isEqualTo(9);
        assertThat(defaults.maxTokens()).isEqualTo(102);
    }

    @Test
    void letsTheFileOverruleTheApplicationsOwn() throws IOException {
        Path own = Files.writeString(directory.resolve("own.yml"), "akidb.embedding: {batch-size: 7, max-tokens: 99}");
        file("embedding: {batch_size: 8}");

        EmbeddingDefaults defaults = defaultsOf("--spring.config.additional-location=" + own);

        assertThat(defaults.batchSize()).isEqualTo(8);
        assertThat(defaults.maxTokens()).isEqualTo(99);
    }

    @Test
    void listsEverythingThatIsWrongTogether() throws IOException {
        Path config = file("""
            embedding:
              pooling: max
              batch_size: 99
              batchsizes: 3
            more: 1
            """);
        variables.put("AKIDB_EMBEDDING_MODEL_NAMES", "x");

        assertThat(problemsOf(
                        "--akidb.embedding.max-tokens=0",
                        "--akidb.embedding.normalize=perhaps",
                        "--akidb.modles.file=x",
                        "--server.address=0.0.0.0"))
                .containsExactlyInAnyOrder(
                        "more (file [" + config + "] - 5:7): is not a known key; everything stands under embedding",
                        "akidb.embedding.batchsizes (file [" + config
                                + "] - 4:15): is not a known key; did you mean akidb.embedding.batch-size?",
                        "AKIDB_EMBEDDING_MODEL_NAMES (environment): is not a known key;"
                                + " did you mean AKIDB_EMBEDDING_MODEL_NAME?",
                        "akidb.modles.file (command line):" + " is not a known key; did you mean akidb.models.file?",
                        "akidb.embedding.pooling (file [" + config
                                + "] - 2:12): must be one of mean, cls, last, is 'max'",
                        "akidb.embedding.normalize (command line): must be true or false, is 'perhaps'",
                        "akidb.embedding.max-tokens (command line): must be at least 1, is '0'",
                        "akidb.embedding.batch-size (file [" + config + "] - 3:15): must be 1 to 32, is '99'",
                        "server.address: binding to 0.0.0.0 lets everybody who reaches it read and change everything;"
                                + " bind to 127.0.0.1, make API keys with 'akidb keys create', or say"
                                + " akidb.security.allow-anonymous=true");
    }

    @Test
    void leavesVariablesAloneThatAreNotMeantForIt() {
        variables.put("AKIDB_SERVICE_HOST", "10.0.0.7");
        variables.put("AKIDB_PORT_8080_TCP_ADDR", "10.0.0.7");
        variables.put("AKIDB_MODELS_SERVICE_PORT_HTTP", "8080");
        variables.put("AKIDB_EXPECT_MODEL", "all-minilm-l6-v2");
        variables.put("AKIDB_RELEASE_NOTES_OF_THE_TEAM", "x");
        for (String ofScripts : List.of(
                "AKIDB_HOST",
                "AKIDB_REST_PORT",
                "AKIDB_GRPC_PORT",
                "AKIDB_START_SECONDS",
                "AKIDB_EXPECT_DIMENSION",
                "AKIDB_JAR",
                "AKIDB_JAVA_OPTS",
                "AKIDB_BENCH_HOME",
                "AKIDB_MLX_CACHE",
                "AKIDB_MLX_COMPILE")) {
            variables.put(ofScripts, "x");
        }
        variables.put("AKIDB_MODELS_ENTRIES_0_ID", "mine");
        variables.put("AKIDB_MODELS_ENTRIES_0_DIMENSION", "3");
        variables.put("AKIDB_MODELS_ENTRIES_0_MAXTOKENS", "3");
        variables.put("AKIDB_MODELS_ENTRIES_0_SOURCE_DIRECTORY", "/m");

        assertThat(defaultsOf().modelName()).isEqualTo("all-minilm-l6-v2");
    }

    @Test
    void namesTheVariableOfAnotherProgramThatSetsAWrongValueAndKeepsSecrets() {
        variables.put("HF_ENDPOINT", "ftp://hub");
        variables.put("HF_TOKEN", "hf_secret");

        assertThat(problemsOf("--akidb.hub.attempts=many"))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("akidb.hub.endpoint (HF_ENDPOINT or ")
                        .endsWith("must be an http or https address, is 'ftp://hub'"))
                .anySatisfy(problem -> assertThat(problem).contains("attempts").contains("is 'many'"))
                .noneSatisfy(problem -> assertThat(problem).contains("secret"));
    }

    @Test
    void refusesAModelThatIsDescribedWronglyInTheApplicationsOwn() {
        assertThat(problemsOf("--akidb.models.entries[0].id=mine", "--akidb.models.entries[0].dimensions=3"))
                .anySatisfy(problem -> assertThat(problem).contains("did you mean akidb.models.entries[].dimension?"))
                .contains(
                        "akidb.models.entries[0].dimension: must be given",
                        "akidb.models.entries[0].source: must have exactly one of directory, repository, class-path");
    }

    @Test
    void refusesAnEmbeddingConfigurationThatIsMissingOrNoYaml() throws IOException {
        variables.put(
                EmbeddingConfigFile.VARIABLE, directory.resolve("none.yaml").toString());
        assertThat(problemsOf())
                .singleElement()
                .asString()
                .startsWith("AKIDB_EMBEDDING_CONFIG: must name a readable file");

        file("embedding: [");
        assertThat(problemsOf())
                .singleElement()
                .asString()
                .endsWith("must be readable YAML: expected the node content, but found '<stream end>' at 1:13");
    }

    @Test
    void shipsAnEmbeddingConfigurationThatSaysTheDefaults() {
        Map<String, Object> shipped = EmbeddingConfigFile.read(Path.of("config/embedding_config.yaml"))
                .getSource();
        Map<String, String> said = new HashMap<>();
        shipped.forEach((key, value) -> said.put(key, value.toString()));

        assertThat(said)
                .as("no model: that would be stronger than the profile mlx")
                .isEqualTo(Map.of(
                        "akidb.embedding.normalize", "true",
                        "akidb.embedding.auto-download", "true",
                        "akidb.embedding.batch-size", "32"));
    }

    @Test
    void theProfileMlxChoosesItsModelWhereTheShippedConfigurationLies() {
        variables.put(EmbeddingConfigFile.VARIABLE, "config/embedding_config.yaml");
        variables.put("SPRING_PROFILES_ACTIVE", "mlx");
        assertThat(defaultsOf().modelName()).isEqualTo("qwen3-0.6b-4bit");
    }

    @Test
    void aModelThatTheConfigurationNamesIsStrongerThanTheProfile() throws IOException {
        file("embedding: {model_name: all-minilm-l6-v2}");
        variables.put("SPRING_PROFILES_ACTIVE", "mlx");
        assertThat(defaultsOf().modelName()).isEqualTo("all-minilm-l6-v2");
    }

    private Path file(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("embedding_config.yaml"), yaml);
        variables.put(EmbeddingConfigFile.VARIABLE, file.toString());
        return file;
    }

    private EmbeddingDefaults defaultsOf(String... arguments) {
        try (ConfigurableApplicationContext context = application().run(arguments)) {
            return context.getBean(EmbeddingDefaults.class);
        }
    }

    private List<String> problemsOf(String... arguments) {
        InvalidConfigurationException refusal = catchThrowableOfType(
                InvalidConfigurationException.class,
                () -> application().run(arguments).close());
        return new ArrayList<>(
                refusal.problems().stream().map(ConfigurationProblem::toString).toList());
    }

    private SpringApplication application() {
        SpringApplication application = new SpringApplication(Settings.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.copyOf(variables)));
        application.setEnvironment(environment);
        return application;
    }

    @EnableConfigurationProperties(EmbeddingDefaults.class)
    static class Settings {}
}
