package com.akidb.model.registry;

import com.akidb.configuration.CollectingBindHandler;
import com.akidb.configuration.ConfigurationProblem;
import com.akidb.configuration.KnownKeys;
import com.akidb.configuration.Origins;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;

/**
 * The entries of a YAML file that describes models under the key {@code models}.
 *
 * @param entries what it describes, in its order
 * @param problems values of the wrong type and keys that no entry has
 */
record ModelYaml(List<ModelEntry> entries, List<ConfigurationProblem> problems) {

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
