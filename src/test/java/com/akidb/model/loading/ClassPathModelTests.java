package com.akidb.model.loading;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.model.Downloads;
import com.akidb.model.EmbeddingDefaults;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelLoader;
import com.akidb.model.ModelSettings;
import com.akidb.model.ModelSpec;
import com.akidb.model.files.FileHashes;
import com.akidb.model.hub.FakeHub;
import com.akidb.model.registry.RegisteredModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model inside the artifact, as it comes to the disk. */
class ClassPathModelTests {

    private static final EmbeddingDefaults DEFAULTS =
            new EmbeddingDefaults("all-minilm-l6-v2", null, true, null, true, 32);

    @TempDir
    Path cache;

    @Test
    void unpacksTheModelOnceAndFindsItAgain() throws IOException {
        ModelFiles files = loader().load(miniLm());

        assertThat(Files.size(files.model())).isEqualTo(90_387_606);
        assertThat(FileHashes.hash(files.tokenizer())).hasSize(64);
        FileTime unpacked = Files.getLastModifiedTime(files.model());
        assertThat(loader().load(miniLm())).isEqualTo(files);
        assertThat(Files.getLastModifiedTime(files.model())).isEqualTo(unpacked);
        assertThat(temporaryFiles()).isEmpty();
    }

    @Test
    void unpacksAgainWhatWasCutShort() throws IOException {
        ModelFiles files = loader().load(miniLm());
        Files.writeString(files.model(), "cut");

        assertThat(loader().load(miniLm())).isEqualTo(files);
        assertThat(Files.size(files.model())).isEqualTo(90_387_606);
    }

    private ModelLoader loader() {
        return new CachingModelLoader(
                new ModelSettings(null, List.of(), Map.of(), cache),
                FakeHub.settings("http://localhost:1", cache),
                DEFAULTS,
                new Downloads());
    }

    private ModelSpec miniLm() {
        return RegisteredModels.of(new ModelSettings(null, List.of(), Map.of(), cache), DEFAULTS)
                .resolve("all-minilm-l6-v2");
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> all = Files.walk(cache)) {
            return all.filter(path -> path.toString().endsWith(".tmp")).toList();
        }
    }
}
