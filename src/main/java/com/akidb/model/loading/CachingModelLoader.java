package com.akidb.model.loading;

import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.error.UnavailableException;
import com.akidb.model.Downloads;
import com.akidb.model.EmbeddingDefaults;
import com.akidb.model.HubSettings;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelLoader;
import com.akidb.model.ModelSettings;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.files.ClassPathFiles;
import com.akidb.model.files.DamagedFileException;
import com.akidb.model.files.DiskFull;
import com.akidb.model.files.FileHashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a model's files on the class path, in a directory, or in the hub, and takes their fingerprint. */
public final class CachingModelLoader implements ModelLoader {

    private static final Logger LOG = LoggerFactory.getLogger(CachingModelLoader.class);

    private final ClassPathFiles classPath;
    private final HubModels hub;
    private final FileHashes hashes;
    private final boolean downloads;

    /**
     * A loader whose cache is the directory that the settings name.
     *
     * @param downloads is told how far each file is
     */
    public CachingModelLoader(
            ModelSettings settings, HubSettings hub, EmbeddingDefaults defaults, Downloads downloads) {
        Path cache = settings.cacheDir();
        this.classPath =
                new ClassPathFiles(cache.resolve("class-path"), getClass().getClassLoader());
        this.hub = new HubModels(cache.resolve("hub"), hub, defaults.autoDownload(), downloads);
        this.downloads = defaults.autoDownload();
        this.hashes = new FileHashes(cache.resolve("hashes"));
    }

    @Override
    public ModelFiles load(ModelSpec spec) {
        try {
            return switch (spec.source()) {
                case ModelSource.ClassPath source -> {
                    Path model = classPath.unpacked(source.model());
                    Path tokenizer = classPath.unpacked(source.tokenizer());
                    yield new ModelFiles(
                                    model,
                                    tokenizer,
                                    hashes.fingerprint(List.of(model, tokenizer)),
                                    FileHashes.sizeOf(List.of(model)))
                            .inCache();
                }
                case ModelSource.LocalDirectory source -> inDirectory(spec, source);
                case ModelSource.Hub source ->
                    hub.get(spec, source).files(spec.id(), hashes).inCache();
                case ModelSource.Endpoint source -> ModelFiles.none(fingerprint(spec, source));
                case ModelSource.OwnPackage source ->
                    throw new UnavailableException("Model '" + spec.id()
                            + "' has no source, and akidb.mlx.python-path names no package that brings its weights");
            };
        } catch (DamagedFileException e) {
            throw new CorruptDataException("Model '" + spec.id() + "' is damaged: " + e.getMessage(), e);
        } catch (IOException | UncheckedIOException e) {
            // The reason names paths, which are for the log and not for callers.
            LOG.error("Model {} cannot be read or stored: {}", spec.id(), e.toString());
            if (DiskFull.caused(e)) {
                throw new UnavailableException(
                        ErrorCode.STORAGE_FULL, "No room on the disk for model '" + spec.id() + "'", e);
            }
            throw new UnavailableException("Model '" + spec.id() + "' cannot be read or stored", e);
        }
    }

    @Override
    public Optional<String> refusal(ModelSpec spec) {
        return switch (spec.source()) {
            case ModelSource.ClassPath source -> Optional.empty();
            case ModelSource.Endpoint source -> Optional.empty();
            case ModelSource.OwnPackage source ->
                Optional.of("it has no source, and akidb.mlx.python-path names no package that brings its weights");
            case ModelSource.LocalDirectory source ->
                isCached(spec) ? Optional.empty() : Optional.of("a file of it is missing in its directory");
            case ModelSource.Hub source ->
                downloads || isCached(spec)
                        ? Optional.empty()
                        : Optional.of("it is not on this machine, and auto_download is off");
        };
    }

    @Override
    public boolean isCached(ModelSpec spec) {
        try {
            return switch (spec.source()) {
                case ModelSource.ClassPath source -> true;
                case ModelSource.LocalDirectory source ->
                    directory(spec, source).missing().isEmpty();
                case ModelSource.Hub source -> hub.find(spec, source).isPresent();
                case ModelSource.Endpoint source -> false;
                case ModelSource.OwnPackage source -> false;
            };
        } catch (IOException e) {
            LOG.warn("Model {} is on this disk and cannot be used: {}", spec.id(), e.toString());
            return false;
        }
    }

    /** What can be known of a model elsewhere: its address, its name, and the length of its vectors. */
    private static String fingerprint(ModelSpec spec, ModelSource.Endpoint source) {
        String identity = String.join("\n", spec.backend(), source.address(), source.model(), "" + spec.dimension());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private ModelFiles inDirectory(ModelSpec spec, ModelSource.LocalDirectory source) throws IOException {
        ModelDirectory directory = directory(spec, source);
        Optional<String> missing = directory.missing();
        if (missing.isPresent()) {
            throw new UnavailableException(
                    "Model '" + spec.id() + "' has no file " + missing.get() + " in its directory");
        }
        return directory.files(spec.id(), hashes);
    }

    private static ModelDirectory directory(ModelSpec spec, ModelSource.LocalDirectory source) {
        return ModelDirectory.of(spec.backend(), Path.of(source.directory()), source.model(), source.tokenizer());
    }
}
