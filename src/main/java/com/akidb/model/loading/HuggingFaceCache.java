package com.akidb.model.loading;

import com.akidb.model.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What other programs downloaded into the Hugging Face cache: {@code hub/models--owner--name/snapshots/<commit>/}, with
 * the commit of a branch or tag in {@code refs/<name>}. Only read here.
 */
final class HuggingFaceCache {

    private final Path hub;

    /**
     * The cache in a home.
     *
     * @param home such as {@code ~/.cache/huggingface}
     */
    HuggingFaceCache(Path home) {
        this.hub = home.resolve("hub");
    }

    /** The directory of a repository at a revision, if it is there. */
    Optional<Path> snapshot(ModelSource.Hub source) {
        Path repository = hub.resolve("models--" + source.repository().replace("/", "--"));
        try {
            Path ref = repository.resolve("refs").resolve(source.revision());
            String commit = Files.isRegularFile(ref) ? Files.readString(ref).strip() : source.revision();
            Path snapshot = repository.resolve("snapshots").resolve(commit).normalize();
            return snapshot.startsWith(repository) && Files.isDirectory(snapshot)
                    ? Optional.of(snapshot)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
