package com.akidb.model.loading;

import com.akidb.error.ErrorCode;
import com.akidb.error.UnavailableException;
import com.akidb.model.HubSettings;
import com.akidb.model.ModelSource;
import com.akidb.model.files.AtomicFiles;
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

    /**
     * Models of one hub.
     *
     * @param cache directory for what is downloaded
     */
    HubModels(Path cache, HubSettings settings, boolean downloadAllowed) {
        this.cache = cache;
        this.shared = new HuggingFaceCache(settings.home());
        this.settings = settings;
        this.downloadAllowed = downloadAllowed;
    }

    /** The complete files, if they are on this disk. */
    Optional<ModelDirectory> find(ModelSource.Hub source) throws IOException {
        ModelDirectory own = own(source);
        if (own.missing().isEmpty()) {
            return Optional.of(own);
        }
        Optional<ModelDirectory> other =
                shared.snapshot(source).map(path -> new ModelDirectory(path, source.model(), source.tokenizer()));
        return other.isPresent() && other.get().missing().isEmpty() ? other : Optional.empty();
    }

    /**
     * The complete files, downloaded if need be. Of several processes one downloads and the others wait for it.
     *
     * @param id the model's name in messages
     */
    ModelDirectory get(String id, ModelSource.Hub source) throws IOException {
        Optional<ModelDirectory> found = find(source);
        if (found.isPresent()) {
            return found.get();
        }
        if (!downloadAllowed) {
            throw new UnavailableException(
                    ErrorCode.MODEL_NOT_CACHED,
                    "Model '" + id + "' not cached. Set auto_download: true to have it downloaded from the hub.",
                    new IOException("download is off"));
        }
        ModelDirectory own = own(source);
        return FileLocks.locked(own.directory(), () -> {
            download(source, own);
            return own;
        });
    }

    private void download(ModelSource.Hub source, ModelDirectory own) throws IOException {
        try (HubDownload hub = new HubDownload(settings)) {
            Optional<String> missing = own.missing();
            while (missing.isPresent()) {
                HubFile file = new HubFile(source.repository(), commitOr(source.revision(), own), missing.get());
                HubFile fetched = hub.fetch(file, own.directory().resolve(file.path()));
                AtomicFiles.write(own.directory().resolve(COMMIT), fetched.revision());
                missing = own.missing();
            }
        }
    }

    private static String commitOr(String revision, ModelDirectory own) throws IOException {
        Path commit = own.directory().resolve(COMMIT);
        return Files.isRegularFile(commit) ? Files.readString(commit).strip() : revision;
    }

    private ModelDirectory own(ModelSource.Hub source) {
        Path directory = cache.resolve(source.repository().replace("/", "--"))
                .resolve(source.revision().replace("/", "--"));
        return new ModelDirectory(directory, source.model(), source.tokenizer());
    }
}
