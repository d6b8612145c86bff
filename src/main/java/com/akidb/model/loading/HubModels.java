package com.akidb.model.loading;

import com.akidb.error.ErrorCode;
import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import com.akidb.model.Downloads;
import com.akidb.model.HubSettings;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.files.FileLocks;
import com.akidb.model.hub.HubDownload;
import com.akidb.model.hub.HubFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Models of the hub: in the Hugging Face cache, in this product's own, or downloaded now. All files of a model come from
 * the commit that its revision meant when the first was fetched; the file {@code commit} beside them holds it.
 */
final class HubModels {

    private static final String COMMIT = "commit";

    private final Path cache;
    private final HuggingFaceCache shared;
    private final HubSettings settings;
    private final boolean downloadAllowed;
    private final Downloads downloads;

    /**
     * Models of one hub.
     *
     * @param cache directory for what is downloaded
     * @param downloads is told how far each file is
     */
    HubModels(Path cache, HubSettings settings, boolean downloadAllowed, Downloads downloads) {
        this.cache = cache;
        this.shared = new HuggingFaceCache(settings.home());
        this.settings = settings;
        this.downloadAllowed = downloadAllowed;
        this.downloads = downloads;
    }

    /** The complete files, if they are on this disk. */
    Optional<ModelDirectory> find(ModelSpec spec, ModelSource.Hub source) throws IOException {
        ModelDirectory own = own(spec, source);
        if (own.missing().isEmpty()) {
            return Optional.of(own);
        }
        Optional<ModelDirectory> other = shared.snapshot(source).map(path -> laidOut(spec, source, path));
        return other.isPresent() && other.get().missing().isEmpty() ? other : Optional.empty();
    }

    /** The complete files, downloaded if need be. Of several processes one downloads and the others wait for it. */
    ModelDirectory get(ModelSpec spec, ModelSource.Hub source) throws IOException {
        Optional<ModelDirectory> found = find(spec, source);
        if (found.isPresent()) {
            return found.get();
        }
        if (!downloadAllowed) {
            throw new UnavailableException(
                    ErrorCode.MODEL_NOT_CACHED,
                    "Model '" + spec.id() + "' not cached. Set auto_download: true to have it downloaded from the hub.",
                    new IOException("download is off"));
        }
        ModelDirectory own = own(spec, source);
        return FileLocks.locked(own.directory(), () -> {
            download(source, own);
            return own;
        });
    }

    private void download(ModelSource.Hub source, ModelDirectory own) throws IOException {
        try (HubDownload hub = new HubDownload(settings, downloads)) {
            Optional<String> missing = own.missing();
            if (missing.isPresent()) {
                for (String name : own.optional()) {
                    Path target = own.directory().resolve(name);
                    if (!Files.isRegularFile(target)) {
                        Optional<HubFile> fetched = hub.fetchIfThere(file(source, own, name), target);
                        if (fetched.isPresent()) {
                            pin(own, fetched.get());
                        }
                    }
                }
                missing = own.missing();
            }
            while (missing.isPresent()) {
                Path target = own.directory().resolve(missing.get());
                pin(own, hub.fetch(file(source, own, missing.get()), target));
                missing = own.missing();
            }
        }
    }

    private static HubFile file(ModelSource.Hub source, ModelDirectory own, String name) throws IOException {
        return new HubFile(source.repository(), commitOr(source.revision(), own), name);
    }

    private static void pin(ModelDirectory own, HubFile fetched) throws IOException {
        AtomicFiles.write(own.directory().resolve(COMMIT), fetched.revision());
    }

    private static String commitOr(String revision, ModelDirectory own) throws IOException {
        Path commit = own.directory().resolve(COMMIT);
        return Files.isRegularFile(commit) ? Files.readString(commit).strip() : revision;
    }

    private ModelDirectory own(ModelSpec spec, ModelSource.Hub source) {
        Path directory = cache.resolve(source.repository().replace("/", "--"))
                .resolve(source.revision().replace("/", "--"));
        return laidOut(spec, source, directory);
    }

    private static ModelDirectory laidOut(ModelSpec spec, ModelSource.Hub source, Path directory) {
        return ModelDirectory.of(spec.backend(), directory, source.model(), source.tokenizer());
    }

    /**
     * What other programs downloaded into the Hugging Face cache: {@code hub/models--owner--name/snapshots/<commit>/}, with
     * the commit of a branch or tag in {@code refs/<name>}. Only read here.
     */
    private static final class HuggingFaceCache {

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
}
