package com.akidb.model;

import com.akidb.model.registry.ModelEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which models there are beside the built-in ones, and where models are kept.
 *
 * @param file a YAML file with further models under the key {@code models}, written like {@code entries}
 * @param entries further models; each entry has the keys id, aliases, backend, dimension, max-tokens, pooling,
 *     prompts, matryoshka, type and source
 * @param directories directories of models that are already on this machine, by model id; each is laid out as the
 *     model's repository and used instead of it
 * @param cacheDir where models are kept; {@code ~} is the home directory; the environment variable AKIDB_CACHE_DIR
 *     sets it as well
 */
@ConfigurationProperties("akidb.models")
public record ModelSettings(
        @Nullable Path file,
        @DefaultValue List<ModelEntry> entries,
        @DefaultValue Map<String, String> directories,
        @DefaultValue("~/.cache/akidb/models") Path cacheDir) {

    public ModelSettings {
        entries = List.copyOf(entries);
        directories = Map.copyOf(directories);
        cacheDir = UserHome.resolve(cacheDir);
    }
}
