package com.akidb.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The checksum that the hub states in an entity tag: SHA-256 for large files, Git's SHA-1 of the blob (the content after
 * the word {@code blob}, its size and a zero byte) for small ones.
 *
 * @param value the entity tag without quotes; empty if there is none
 */
record Checksum(String value) {

    private static final int BUFFER = 1 << 20;

    static Checksum ofEntityTag(String tag) {
        return new Checksum(tag.replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT));
    }

    /** Whether a file has the content that the tag means; true as well if the tag is none that can be checked. */
    boolean matches(Path file) throws IOException {
        if (value.matches("[0-9a-f]{64}")) {
            return value.equals(digest("SHA-256", "", file));
        }
        if (value.matches("[0-9a-f]{40}")) {
            return value.equals(digest("SHA-1", "blob " + Files.size(file) + "\0", file));
        }
        return true;
    }

    /** The tag as part of a file name. */
    String asFileName() {
        String name = value.replaceAll("[^0-9a-z]", "");
        return name.substring(0, Math.min(16, name.length()));
    }

    private static String digest(String algorithm, String before, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(before.getBytes(StandardCharsets.UTF_8));
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
