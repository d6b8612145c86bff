package com.akidb.backup;

import com.akidb.engine.embedded.catalog.DatabaseCheck;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.error.CorruptDataException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file {@code manifest.json} of a backup: which files it has and their checksums, and a checksum of itself. A byte that
 * changed anywhere is noticed.
 *
 * @param commit sequence number of the last commit in the database
 */
record Manifest(Instant madeAt, long commit, List<Entry> files) {

    static final String FILE = "manifest.json";
    static final String KEYS = "security";
    static final String AUDIT = "audit";

    private static final int FORMAT = 1;
    private static final int MOST_BYTES = 1 << 20;
    private static final Set<String> FOLDERS = Set.of(KEYS, AUDIT);

    /**
     * A file.
     *
     * @param path in the backup, with a slash between folder and name
     * @param sha256 in hexadecimal digits
     */
    record Entry(String path, long bytes, String sha256) {

        /** Whether a manifest may name it: the database, or a file right in one of the known folders. */
        private boolean isKnown() {
            int slash = path.indexOf('/');
            return slash < 0
                    ? path.equals(StoredDatabase.FILE)
                    : FOLDERS.contains(path.substring(0, slash))
                            && path.substring(slash + 1).matches("[A-Za-z0-9][A-Za-z0-9._-]*");
        }
    }

    /** Describes files as they are now. */
    static Manifest of(Path directory, List<String> paths, Instant madeAt, long commit) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String path : paths) {
            Path file = directory.resolve(path);
            entries.add(new Entry(path, Files.size(file), sha256(file)));
        }
        return new Manifest(madeAt, commit, entries);
    }

    boolean has(String folder) {
        return files.stream().anyMatch(entry -> entry.path().startsWith(folder + "/"));
    }

    Backup describe(Path directory) {
        long bytes = files.stream().mapToLong(Entry::bytes).sum();
        Backup.Contents contents = new Backup.Contents(has(KEYS), has(AUDIT));
        return new Backup(directory, Backup.State.COMPLETE, madeAt, bytes, commit, contents, null);
    }

    void write(Path directory) throws IOException {
        ObjectNode root = JsonMapper.shared()
                .createObjectNode()
                .put("format", FORMAT)
                .put("made_at", madeAt.toString())
                .put("commit", commit);
        ArrayNode list = root.putArray("files");
        for (Entry entry : files) {
            list.addObject()
                    .put("path", entry.path())
                    .put("bytes", entry.bytes())
                    .put("sha256", entry.sha256());
        }
        root.put("sha256", sha256(root.toString()));
        Files.writeString(directory.resolve(FILE), root.toPrettyString() + "\n");
    }

    /**
     * Reads the manifest of a backup.
     *
     * @throws NotFoundException if the directory is no backup
     * @throws CorruptDataException if it is damaged, or of a newer version
     */
    static Manifest read(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            if (!Files.isRegularFile(file)) {
                throw new NotFoundException(directory + " is not a backup: it has no " + FILE);
            }
            if (Files.size(file) > MOST_BYTES) {
                throw damaged(file, "it is longer than a manifest may be", null);
            }
            if (!(JsonMapper.shared().readTree(Files.readString(file)) instanceof ObjectNode root)) {
                throw damaged(file, "it is not an object", null);
            }
            return read(file, root);
        } catch (JacksonException | DateTimeException | java.nio.charset.CharacterCodingException unreadable) {
            throw damaged(file, "it cannot be read", unreadable);
        } catch (IOException e) {
            throw new UnavailableException(file + " cannot be read: " + e, e);
        }
    }

    private static Manifest read(Path file, ObjectNode root) {
        int format = root.path("format").asInt(0);
        if (format > FORMAT) {
            throw new CorruptDataException(file + " was written by a newer AkiDB: its format is " + format
                    + ", and this version knows formats up to " + FORMAT);
        }
        JsonNode checksum = root.remove("sha256");
        if (checksum == null || !checksum.asString("").equals(sha256(root.toString()))) {
            throw damaged(file, "its checksum is wrong", null);
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode each : root.path("files")) {
            Entry entry = new Entry(
                    each.path("path").asString(""),
                    each.path("bytes").asLong(-1),
                    each.path("sha256").asString(""));
            if (!entry.isKnown()) {
                throw damaged(file, "it names a file that no backup has: " + entry.path(), null);
            }
            entries.add(entry);
        }
        if (entries.stream().noneMatch(entry -> entry.path().equals(StoredDatabase.FILE))) {
            throw damaged(file, "it names no database", null);
        }
        return new Manifest(
                Instant.parse(root.path("made_at").asString("")),
                root.path("commit").asLong(-1),
                entries);
    }

    /**
     * Reads all files back, and all of the database.
     *
     * @param directory where they are
     * @throws CorruptDataException if one is missing, or is not what the manifest says; if the database is damaged
     */
    void verify(Path directory) {
        verifyFiles(directory);
        Path database = directory.resolve(StoredDatabase.FILE);
        List<String> problems = DatabaseCheck.problems(database);
        if (!problems.isEmpty()) {
            throw damaged(database, problems.getFirst(), null);
        }
        if (StoredDatabase.version(database) != commit) {
            throw damaged(database, "it does not end with commit " + commit + " as the manifest says", null);
        }
    }

    /**
     * Compares sizes and checksums of all files.
     *
     * @throws CorruptDataException if one is missing, or is not what the manifest says
     */
    void verifyFiles(Path directory) {
        for (Entry entry : files) {
            Path file = directory.resolve(entry.path());
            try {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw damaged(file, "it is missing", null);
                }
                if (Files.size(file) != entry.bytes() || !sha256(file).equals(entry.sha256())) {
                    throw damaged(file, "it is not what the manifest of the backup says", null);
                }
            } catch (IOException e) {
                throw new UnavailableException(file + " cannot be read: " + e, e);
            }
        }
    }

    private static CorruptDataException damaged(Path file, String why, @Nullable Exception cause) {
        String message = file + " is damaged: " + why;
        return cause == null ? new CorruptDataException(message) : new CorruptDataException(message, cause);
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }
}
