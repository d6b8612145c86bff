package com.akidb.model.registry;

import com.akidb.configuration.CollectingBindHandler;
import com.akidb.configuration.ConfigurationProblem;
import com.akidb.configuration.InvalidConfigurationException;
import com.akidb.configuration.KnownKeys;
import com.akidb.configuration.Origins;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.model.EmbeddingDefaults;
import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelSettings;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import com.akidb.model.UserHome;
import com.akidb.text.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/** The built-in models and those that the user added; fixed once it is made. */
public final class RegisteredModels implements ModelRegistry {

    private static final String BUILT_IN = "models.yaml";
    private static final int LONGEST_SHOWN = 128;

    private final List<ModelSpec> models = new ArrayList<>();
    /** By ids and aliases in lower case. */
    private final Map<String, ModelSpec> byName = new HashMap<>();

    private final List<ConfigurationProblem> problems = new ArrayList<>();

    private RegisteredModels() {}

    /**
     * Reads all descriptions of models.
     *
     * @throws InvalidConfigurationException with everything that is wrong with them
     */
    public static RegisteredModels of(ModelSettings settings, EmbeddingDefaults defaults) {
        RegisteredModels registry = new RegisteredModels();
        registry.addFile(BUILT_IN, ModelYaml.read(new ClassPathResource(BUILT_IN)));
        Path file = settings.file();
        if (file != null && Files.isRegularFile(file)) {
            registry.addFile(file.toString(), ModelYaml.read(new FileSystemResource(file)));
        } else if (file != null) {
            registry.problems.add(
                    ConfigurationProblem.of("akidb.models.file", "must name a readable file, is '" + file + "'"));
        }
        registry.addEntries("akidb.models.entries", null, settings.entries());
        registry.addShortNames();
        registry.applyDirectories(settings.directories());
        registry.applyDefaults(defaults);
        if (!registry.problems.isEmpty()) {
            throw new InvalidConfigurationException(registry.problems);
        }
        return registry;
    }

    @Override
    public List<ModelSpec> models() {
        return List.copyOf(models);
    }

    @Override
    public ModelSpec defaultModel() {
        return models.getFirst();
    }

    @Override
    public ModelSpec resolve(String name) {
        ModelSpec spec = named(name);
        if (spec == null) {
            throw new InvalidInputException(
                    ErrorCode.UNKNOWN_MODEL,
                    "Unknown model '" + Words.shown(name, LONGEST_SHOWN) + "'" + Suggestion.hint(name, names())
                            + (Suggestion.nearest(name, names()).isPresent() ? " Known are " : "; known are ") + ids(),
                    "model");
        }
        return spec;
    }

    /** The model of that name, whatever the case of its letters; null if there is none. */
    private @Nullable ModelSpec named(String name) {
        return byName.get(name.toLowerCase(Locale.ROOT));
    }

    private List<String> names() {
        return models.stream()
                .flatMap(spec -> Stream.concat(Stream.of(spec.id()), spec.aliases().stream()))
                .toList();
    }

    private void addFile(String origin, ModelYaml yaml) {
        problems.addAll(yaml.problems());
        addEntries("models", origin, yaml.entries());
    }

    private void addEntries(String key, @Nullable String origin, List<ModelEntry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            String entryKey = key + "[" + i + "]";
            ModelSpecReader reader = new ModelSpecReader(entryKey);
            reader.read(entries.get(i)).ifPresent(spec -> add(entryKey, origin, spec));
            reader.problems().forEach(problem -> report(problem.key(), origin, problem.rule()));
        }
    }

    /** Notes a problem, unless something worse is known of the key: a value of the wrong type counts as not given. */
    private void report(String key, @Nullable String origin, String rule) {
        if (problems.stream().noneMatch(known -> known.key().equals(key))) {
            problems.add(new ConfigurationProblem(key, origin, rule));
        }
    }

    private void add(String key, @Nullable String origin, ModelSpec spec) {
        List<String> names =
                Stream.concat(Stream.of(spec.id()), spec.aliases().stream()).toList();
        for (int i = 0; i < names.size(); i++) {
            ModelSpec other = byName.putIfAbsent(names.get(i).toLowerCase(Locale.ROOT), spec);
            if (other != null && (other != spec || names.indexOf(names.get(i)) < i)) {
                String name = i == 0 ? ".id" : ".aliases[" + (i - 1) + "]";
                String rule = "must be unique; '" + names.get(i) + "' already names the model " + other.id();
                report(key + name, origin, rule);
            }
        }
        models.add(spec);
    }

    /** What follows the last slash of a name is a name too, unless it is another model's or could be that of two. */
    private void addShortNames() {
        Map<String, Set<ModelSpec>> bearers = new HashMap<>();
        for (ModelSpec spec : models) {
            for (String alias : spec.aliases()) {
                String last = alias.substring(alias.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
                bearers.computeIfAbsent(last, name -> new HashSet<>()).add(spec);
            }
        }
        bearers.forEach((name, specs) -> {
            if (specs.size() == 1 && !name.isEmpty()) {
                byName.putIfAbsent(name, specs.iterator().next());
            }
        });
    }

    private void applyDirectories(Map<String, String> directories) {
        directories.forEach((name, directory) -> {
            ModelSpec chosen = named(name);
            Path path = UserHome.resolve(Path.of(directory));
            if (chosen == null) {
                problems.add(ConfigurationProblem.of(
                        "akidb.models.directories", "must name models by id, has '" + name + "'; known are " + ids()));
            } else if (chosen.source() instanceof ModelSource.Endpoint) {
                problems.add(ConfigurationProblem.of(
                        "akidb.models.directories[" + name + "]", "is not for models that run elsewhere"));
            } else if (!Files.isDirectory(path)) {
                problems.add(ConfigurationProblem.of(
                        "akidb.models.directories[" + name + "]", "must be a directory, is '" + directory + "'"));
            } else {
                ModelSource source = chosen.source();
                replace(
                        chosen,
                        chosen.from(
                                new ModelSource.LocalDirectory(path.toString(), source.model(), source.tokenizer())));
            }
        });
    }

    private void replace(ModelSpec old, ModelSpec adjusted) {
        models.replaceAll(spec -> spec == old ? adjusted : spec);
        byName.replaceAll((name, spec) -> spec == old ? adjusted : spec);
    }

    private void applyDefaults(EmbeddingDefaults defaults) {
        ModelSpec chosen = named(defaults.modelName());
        if (chosen == null) {
            problems.add(ConfigurationProblem.of(
                    "akidb.embedding.model-name",
                    "must be the id or an alias of a model, is '" + defaults.modelName() + "'; known are " + ids()));
            return;
        }
        chosen.refusalReason()
                .ifPresent(reason -> problems.add(ConfigurationProblem.of(
                        "akidb.embedding.model-name", "names " + chosen.id() + ", which cannot be used. " + reason)));
        Integer maxTokens = defaults.maxTokens();
        if (maxTokens != null && maxTokens > chosen.maxTokens()) {
            problems.add(ConfigurationProblem.of(
                    "akidb.embedding.max-tokens",
                    "must be at most " + chosen.maxTokens() + ", which is what " + chosen.id() + " takes, is "
                            + maxTokens));
        }
        Pooling pooling = defaults.pooling();
        ModelSpec adjusted = chosen.with(
                pooling == null ? chosen.pooling() : pooling, maxTokens == null ? chosen.maxTokens() : maxTokens);
        replace(chosen, adjusted);
        models.remove(adjusted);
        models.addFirst(adjusted);
    }

    private String ids() {
        return models.stream().map(ModelSpec::id).collect(Collectors.joining(", "));
    }

    /**
     * The entries of a YAML file that describes models under the key {@code models}.
     *
     * @param entries what it describes, in its order
     * @param problems values of the wrong type and keys that no entry has
     */
    private record ModelYaml(List<ModelEntry> entries, List<ConfigurationProblem> problems) {

        static ModelYaml read(Resource resource) {
            List<PropertySource<?>> documents;
            try {
                documents = new YamlPropertySourceLoader().load(String.valueOf(resource.getFilename()), resource);
            } catch (IOException | RuntimeException e) {
                return new ModelYaml(
                        List.of(),
                        List.of(ConfigurationProblem.of(
                                String.valueOf(resource.getFilename()),
                                "must be readable YAML: " + Origins.whyUnreadable(e))));
            }
            MutablePropertySources sources = new MutablePropertySources();
            documents.forEach(sources::addLast);
            CollectingBindHandler handler = new CollectingBindHandler();
            Binder binder = new Binder(ConfigurationPropertySources.from(sources));
            List<ModelEntry> entries = handler.bind(binder, "models", Bindable.listOf(ModelEntry.class));
            List<ConfigurationProblem> problems = new ArrayList<>(handler.problems());
            problems.addAll(unknownKeys(documents));
            return new ModelYaml(entries == null ? List.of() : entries, problems);
        }

        private static List<ConfigurationProblem> unknownKeys(List<PropertySource<?>> documents) {
            KnownKeys known = new KnownKeys().add("models").addRecord("models[]", ModelEntry.class);
            List<ConfigurationProblem> problems = new ArrayList<>();
            for (PropertySource<?> document : documents) {
                if (document instanceof OriginTrackedMapPropertySource yaml) {
                    for (String key : yaml.getPropertyNames()) {
                        if (!known.knows(key)) {
                            problems.add(known.unknown(key, String.valueOf(yaml.getOrigin(key))));
                        }
                    }
                }
            }
            return problems;
        }
    }
}
