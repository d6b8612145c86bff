package com.akidb.model.loading;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.error.AkidbException;
import com.akidb.model.Downloads;
import com.akidb.model.EmbeddingDefaults;
import com.akidb.model.ModelSettings;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import com.akidb.model.hub.FakeHub;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub, a cache, and the loader between them. */
abstract class LoadingFixture {

    @TempDir
    Path directory;

    final FakeHub hub = new FakeHub();

    @AfterEach
    void closeHub() {
        hub.close();
    }

    Path cache() {
        return directory.resolve("cache");
    }

    CachingModelLoader loader(boolean download) {
        return loader(hub.endpoint(), cache(), download);
    }

    static CachingModelLoader loader(String endpoint, Path cache, boolean download) {
        return new CachingModelLoader(
                new ModelSettings(null, List.of(), Map.of(), cache),
                FakeHub.settings(endpoint, cache.resolveSibling("home")),
                new EmbeddingDefaults("all-minilm-l6-v2", null, true, null, download, 32),
                new Downloads());
    }

    AkidbException refusal(ModelSpec spec, boolean download, Path cache) {
        return catchThrowableOfType(
                AkidbException.class,
                () -> loader(hub.endpoint(), cache, download).load(spec));
    }

    static ModelSpec spec(String backend, ModelSource source) {
        return new ModelSpec(
                "mine", List.of(), backend, 8, 16, Pooling.MEAN, "", true, "", 8, "sentence", source, null);
    }
}
