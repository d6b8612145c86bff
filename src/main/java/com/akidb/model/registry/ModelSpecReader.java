package com.akidb.model.registry;

import com.akidb.configuration.ConfigurationProblem;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns an entry into a model, or says everything that is wrong with it. */
final class ModelSpecReader {

    private static final String MLX = "mlx";
    private static final String OPENAI = "openai";
    private static final String MLX_WEIGHTS = "model.safetensors";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");
    private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9][\\w.-]*(/[A-Za-z0-9][\\w.-]*)?");
    private static final Pattern REVISION = Pattern.compile("\\w[\\w./-]{0,127}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern MODEL_NAME = Pattern.compile("[!-~]{1,256}");
    private static final Set<String> BACKENDS = Set.of("onnx", MLX, OPENAI);
    private static final Set<String> TYPES = Set.of("sentence", "document");
    private static final int MOST_DIMENSIONS = 16_384;
    private static final int MOST_TOKENS = 131_072;

    private final String key;
    private final List<ConfigurationProblem> problems = new ArrayList<>();

    /**
     * Reads one entry.
     *
     * @param key the key of the entry, such as {@code akidb.models.entries[0]}
     */
    ModelSpecReader(String key) {
        this.key = key;
    }

    List<ConfigurationProblem> problems() {
        return problems;
    }

    /** The model, or nothing if the entry has problems. */
    Optional<ModelSpec> read(ModelEntry entry) {
        require(entry.id() != null, "id", "must be given");
        Stream.concat(Stream.ofNullable(entry.id()), entry.aliases().stream())
                .forEach(name -> require(
                        NAME.matcher(name).matches(),
                        name.equals(entry.id()) ? "id" : "aliases",
                        "must be 1 to 128 letters, digits, dots, dashes, underscores or slashes, is '" + name + "'"));
        require(
                BACKENDS.contains(entry.backend()),
                "backend",
                "must be one of onnx, mlx, openai, is '" + entry.backend() + "'");
        require(TYPES.contains(entry.type()), "type", "must be one of sentence, document, is '" + entry.type() + "'");
        int dimension = within(entry.dimension(), "dimension", MOST_DIMENSIONS);
        int maxTokens = within(entry.maxTokens(), "max-tokens", MOST_TOKENS);
        Pooling pooling = pooling(entry.pooling());
        Integer cut = entry.matryoshka();
        require(
                cut == null || (cut >= 1 && cut < dimension),
                "matryoshka",
                "must be the fewest dimensions that vectors may be cut to, below the dimension, is " + cut);
        boolean elsewhere = entry.backend().equals(OPENAI);
        require(
                elsewhere
                        || (entry.source().endpoint() == null && entry.source().keyVariable() == null),
                "source",
                "may have endpoint and key-variable only for the backend openai");
        ModelSource source = elsewhere
                ? endpoint(entry.source(), entry.id())
                : source(entry.source(), entry.backend().equals(MLX));
        String id = entry.id();
        if (!problems.isEmpty() || id == null || source == null) {
            return Optional.empty();
        }
        return Optional.of(new ModelSpec(
                id,
                entry.aliases(),
                entry.backend(),
                dimension,
                maxTokens,
                pooling,
                entry.prompts().query(),
                entry.prompts().search(),
                entry.prompts().document(),
                cut == null ? dimension : cut,
                entry.type(),
                source,
                entry.refusal()));
    }

    private int within(@Nullable Integer value, String name, int most) {
        require(
                value != null && value >= 1 && value <= most,
                name,
                value == null ? "must be given" : "must be 1 to " + most + ", is " + value);
        return value == null ? 0 : value;
    }

    private Pooling pooling(String name) {
        for (Pooling pooling : Pooling.values()) {
            if (pooling.wireName().equals(name)) {
                return pooling;
            }
        }
        require(false, "pooling", "must be one of mean, cls, last, is '" + name + "'");
        return Pooling.MEAN;
    }

    /** A model that runs elsewhere. */
    private ModelSource.Endpoint endpoint(ModelEntry.Source source, @Nullable String id) {
        String address = Objects.requireNonNullElse(source.endpoint(), "");
        String variable = Objects.requireNonNullElse(source.keyVariable(), "");
        String name = Objects.requireNonNullElse(id, "");
        String model = Objects.requireNonNullElse(source.model(), name.substring(name.lastIndexOf('/') + 1));
        if (source.directory() != null || source.repository() != null || source.classPath() != null) {
            require(
                    false,
                    "source",
                    "must have no files for the backend openai, only endpoint, key-variable and model");
        }
        if (source.endpoint() != null && !ModelSource.Endpoint.isAddress(address)) {
            require(false, "source.endpoint", "must be an http or https address such as https://api.example.com/v1");
        } else if (!address.isEmpty() && !variable.isEmpty() && !ModelSource.Endpoint.keepsKeysSafe(address)) {
            require(false, "source.endpoint", "must be https, since a key is sent there");
        }
        if (source.keyVariable() != null && !VARIABLE.matcher(variable).matches()) {
            require(false, "source.key-variable", "must be the name of an environment variable");
        } else if (!variable.isEmpty() && address.isEmpty()) {
            require(
                    false,
                    "source.key-variable",
                    "belongs to an endpoint; without one akidb.openai.key-variable is used");
        }
        if (!MODEL_NAME.matcher(model).matches()) {
            require(false, "source.model", "must be the name of the model there, 1 to 256 printable ASCII characters");
        }
        return new ModelSource.Endpoint(address.replaceAll("/+$", ""), model, variable);
    }

    private @Nullable ModelSource source(ModelEntry.Source source, boolean mlx) {
        String directory = source.directory();
        String repository = source.repository();
        String classPath = source.classPath();
        long places = Stream.of(
                        Optional.ofNullable(directory), Optional.ofNullable(repository), Optional.ofNullable(classPath))
                .filter(Optional::isPresent)
                .count();
        require(
                places == 1 || (places == 0 && mlx),
                "source",
                mlx
                        ? "must have at most one of directory, repository"
                        : "must have exactly one of directory, repository, class-path");
        require(
                source.revision() == null || repository != null,
                "source.revision",
                "belongs to a repository, and none is given");
        require(
                classPath == null || !mlx,
                "source.class-path",
                "is not for mlx models, which lie in a directory or come from a repository");
        String usual = mlx ? MLX_WEIGHTS : repository == null ? "model.onnx" : "onnx/model.onnx";
        String model = source.model() == null ? usual : source.model();
        require(
                !mlx || model.equals(MLX_WEIGHTS) || model.endsWith("/" + MLX_WEIGHTS),
                "source.model",
                "must be a path to " + MLX_WEIGHTS + " for an mlx model, is '" + model + "'");
        String tokenizer = source.tokenizer();
        require(isInside(model), "source.model", "must be a path inside the source, is '" + model + "'");
        require(isInside(tokenizer), "source.tokenizer", "must be a path inside the source, is '" + tokenizer + "'");
        if (repository != null) {
            String revision = source.revision() == null ? "main" : source.revision();
            require(
                    REPOSITORY.matcher(repository).matches() && isInside(repository),
                    "source.repository",
                    "must be a name such as owner/model, is '" + repository + "'");
            require(
                    REVISION.matcher(revision).matches() && isInside(revision),
                    "source.revision",
                    "must be a branch, a tag or a commit, is '" + revision + "'");
            return new ModelSource.Hub(repository, revision, model, tokenizer);
        }
        if (classPath != null) {
            String folder = classPath.replaceAll("^/+|/+$", "");
            String prefix = folder.isEmpty() ? "" : folder + "/";
            return new ModelSource.ClassPath(prefix + model, prefix + tokenizer);
        }
        if (directory != null) {
            return new ModelSource.LocalDirectory(directory, model, tokenizer);
        }
        return mlx ? new ModelSource.OwnPackage(model, tokenizer) : null;
    }

    /** Whether a path stays where it starts: relative, and no step up. */
    private static boolean isInside(String path) {
        return !path.isBlank()
                && !path.startsWith("/")
                && path.indexOf('\\') < 0
                && Stream.of(path.split("/", -1)).noneMatch(step -> step.equals("..") || step.isEmpty());
    }

    private void require(boolean holds, String name, String rule) {
        if (!holds) {
            problems.add(ConfigurationProblem.of(key + "." + name, rule));
        }
    }
}
