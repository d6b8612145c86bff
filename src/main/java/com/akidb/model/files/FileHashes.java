package com.akidb.model.files;

import com.akidb.file.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SHA-256 of files, remembered on disk by path, size and time of change, so that a start does not read gigabytes again.
 * The notes lie in one directory of the cache, because models may lie where nothing can be written.
 */
public final class FileHashes {

    private static final Logger LOG = LoggerFactory.getLogger(FileHashes.class);
    private static final int BUFFER = 1 << 20;

    private final Path notes;

    /**
     * Keeps notes in a directory.
     *
     * @param notes the directory; made when the first note is written
     */
    public FileHashes(Path notes) {
        this.notes = notes;
    }

    /** SHA-256 in hex over the SHA-256 of each file, in order: equal exactly if all contents are equal. */
    public String fingerprint(List<Path> files) {
        MessageDigest digest = sha256();
        for (Path file : files) {
            digest.update(HexFormat.of().parseHex(sha256Of(file)));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** SHA-256 of a file's content in hex, from the note if the file has not changed since. */
    public String sha256Of(Path file) {
        try {
            Path real = file.toRealPath();
            String state = state(real);
            Path note = notes.resolve(
                    HexFormat.of().formatHex(sha256().digest(real.toString().getBytes(StandardCharsets.UTF_8))));
            String known = read(note);
            if (known.startsWith(state + " ")) {
                return known.substring(state.length() + 1).strip();
            }
            String hash = hash(real);
            remember(note, state + " " + hash);
            return hash;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of all files together. */
    public static long sizeOf(List<Path> files) throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    /** SHA-256 of a file's content in hex, read now. */
    public static String hash(Path file) throws IOException {
        MessageDigest digest = sha256();
        update(digest, file);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Adds a file's content to a digest. */
    public static void update(MessageDigest digest, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
    }

    /** Writes a note; where none can be written, the next start reads the file again. */
    private static void remember(Path note, String content) {
        try {
            AtomicFiles.write(note, content);
        } catch (IOException e) {
            LOG.warn("The checksum of a model file cannot be saved: {}", e.toString());
        }
    }

    private static String state(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.size() + " " + attributes.lastModifiedTime().toInstant();
    }

    private static String read(Path note) throws IOException {
        return Files.isRegularFile(note) ? Files.readString(note) : "";
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
