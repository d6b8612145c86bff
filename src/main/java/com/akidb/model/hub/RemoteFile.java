package com.akidb.model.hub;

import com.akidb.model.files.FileHashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What the hub says of a file before its content is fetched.
 *
 * @param file the file at the commit that its revision meant, so that what is fetched next is of the same commit
 * @param checksum how the content is checked
 * @param size bytes of the content; -1 if the hub does not say
 */
record RemoteFile(HubFile file, Checksum checksum, long size) {

    /**
     * The checksum that the hub states in an entity tag: SHA-256 for large files, Git's SHA-1 of the blob (the content after
     * the word {@code blob}, its size and a zero byte) for small ones.
     *
     * @param value the entity tag without quotes; empty if there is none
     */
    record Checksum(String value) {

        static Checksum ofEntityTag(String tag) {
            return new Checksum(tag.replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT));
        }

        /** Whether a file has the content that the tag means; true as well if the tag is of a kind that cannot be checked. */
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
            try {
                MessageDigest digest = MessageDigest.getInstance(algorithm);
                digest.update(before.getBytes(StandardCharsets.UTF_8));
                FileHashes.update(digest, file);
                return HexFormat.of().formatHex(digest.digest());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has " + algorithm, e);
            }
        }
    }
}
