package com.akidb.model.variants;

import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelVariants;
import com.akidb.model.files.DamagedFileException;
import com.akidb.model.files.DiskFull;
import com.akidb.model.files.ExternalData;
import com.akidb.model.files.FileHashes;
import com.akidb.model.files.FileLocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Variants in a directory of the model cache, made when first asked for: {@code <fingerprint>-<version>/int8.onnx}, and beside each
 * {@code int8.txt}, a line of its size, its SHA-256 and the lowest cosine. A variant whose file is not what the line says is made anew.
 */
public final class CachedModelVariants implements ModelVariants {

    private static final Logger LOG = LoggerFactory.getLogger(CachedModelVariants.class);

    /** Counts the ways in which variants have been made. */
    private static final int VERSION = 1;

    private static final Pattern NOTE = Pattern.compile("(\\d{1,18}) ([0-9a-f]{64}) (-?[0-9.]{1,20})\\s*");

    private final Path directory;
    private final FileHashes hashes;

    /** @param cache the directory of the model cache */
    public CachedModelVariants(Path cache) {
        directory = cache.resolve("variants");
        hashes = new FileHashes(cache.resolve("hashes"));
    }

    @Override
    public Variant get(ModelFiles files, Precision precision, Likeness likeness) {
        try {
            if (!ExternalData.of(files.model()).isEmpty()) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "The model has files beside its graph, which clients cannot load",
                        "model");
            }
            String tag = files.fingerprint().substring(0, 32) + "-" + precision.wireName() + "-" + VERSION;
            if (precision == Precision.FP32) {
                Path file = files.model();
                return new Variant(precision, file, Files.size(file), hashes.sha256Of(file), 1, tag);
            }
            Path file = directory.resolve(files.fingerprint() + "-" + VERSION).resolve(precision.wireName() + ".onnx");
            Variant there = read(file, precision, tag);
            return there != null
                    ? there
                    : FileLocks.locked(file, () -> {
                        Variant meanwhile = read(file, precision, tag);
                        return meanwhile != null ? meanwhile : make(files, file, precision, tag, likeness);
                    });
        } catch (DamagedFileException e) {
            throw new CorruptDataException("The model is damaged: " + e.getMessage(), e);
        } catch (IOException | UncheckedIOException e) {
            LOG.error("A variant of a model cannot be read or stored: {}", e.toString());
            throw DiskFull.caused(e)
                    ? new UnavailableException(
                            ErrorCode.STORAGE_FULL, "No room on the disk for a variant of the model", e)
                    : new UnavailableException("A variant of the model cannot be read or stored", e);
        }
    }

    /** The variant if its file is there, and is what was made. */
    private @Nullable Variant read(Path file, Precision precision, String tag) throws IOException {
        Path note = noteOf(file);
        if (!Files.isRegularFile(file) || !Files.isRegularFile(note)) {
            return null;
        }
        Matcher line = NOTE.matcher(Files.readString(note));
        if (!line.matches()) {
            return null;
        }
        long bytes = Long.parseLong(line.group(1));
        if (Files.size(file) != bytes || !hashes.sha256Of(file).equals(line.group(2))) {
            LOG.warn("{} is damaged, and is made anew", file.getFileName());
            return null;
        }
        return new Variant(precision, file, bytes, line.group(2), Double.parseDouble(line.group(3)), tag);
    }

    private Variant make(ModelFiles files, Path file, Precision precision, String tag, Likeness likeness)
            throws IOException {
        long start = System.nanoTime();
        Path temporary = Files.createTempFile(AtomicFiles.directoryOf(file), precision.wireName(), ".tmp");
        try {
            CompactOnnx.write(files.model(), temporary, precision);
            double cosine = likeness.of(temporary);
            long bytes = Files.size(temporary);
            String sha256 = FileHashes.hash(temporary);
            AtomicFiles.publish(temporary, file);
            AtomicFiles.write(noteOf(file), bytes + " " + sha256 + " " + cosine);
            LOG.info(
                    "Made {} of a model for clients ({} bytes, lowest cosine {}) in {} ms",
                    file.getFileName(),
                    bytes,
                    cosine,
                    (System.nanoTime() - start) / 1_000_000);
            return new Variant(precision, file, bytes, sha256, cosine, tag);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static Path noteOf(Path file) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".txt");
    }
}
