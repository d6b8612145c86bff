package com.akidb.model.files;

import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import com.akidb.model.EmbeddingDefaults;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelLoader;
import com.akidb.model.ModelSettings;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds a model's files on the class path, in a directory, or in the hub, and takes their fingerprint. */
public final class CachingModelLoader implements ModelLoader {

    private final ClassPathFiles classPath;
    private final FileHashes hashes;

    private CachingModelLoader(ClassPathFiles classPath, FileHashes hashes) {
        this.classPath = classPath;
        this.hashes = hashes;
    }

    public static CachingModelLoader of(ModelSettings settings, EmbeddingDefaults defaults) {
        Path cache = settings.cacheDir();
        return new CachingModelLoader(
                new ClassPathFiles(cache.resolve("class-path"), CachingModelLoader.class.getClassLoader()),
                new FileHashes(cache.resolve("hashes")));
    }

    @Override
    public ModelFiles load(ModelSpec spec) {
        try {
            return switch (spec.source()) {
                case ModelSource.ClassPath source ->
                    files(classPath.unpacked(source.model()), classPath.unpacked(source.tokenizer()));
                case ModelSource.LocalDirectory source -> {
                    Path directory = Path.of(source.directory());
                    yield files(present(spec, directory, source.model()), present(spec, directory, source.tokenizer()));
                }
                case ModelSource.Hub source -> throw new UnavailableException("Model '" + spec.id() + "' not cached");
            };
        } catch (DamagedFileException e) {
            throw new CorruptDataException("Model '" + spec.id() + "' is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UnavailableException("Model '" + spec.id() + "' cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean isCached(ModelSpec spec) {
        try {
            return switch (spec.source()) {
                case ModelSource.ClassPath source -> true;
                case ModelSource.LocalDirectory source ->
                    Files.isRegularFile(Path.of(source.directory(), source.model()));
                case ModelSource.Hub source -> false;
            };
        } catch (RuntimeException e) {
            return false;
        }
    }

    private ModelFiles files(Path model, Path tokenizer) {
        return new ModelFiles(model, tokenizer, hashes.fingerprint(List.of(model, tokenizer)));
    }

    private static Path present(ModelSpec spec, Path directory, String name) {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new UnavailableException("Model '" + spec.id() + "' has no file " + name + " in its directory");
        }
        return file;
    }
}
