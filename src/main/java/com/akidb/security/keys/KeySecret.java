package com.akidb.security.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The text of an API key: {@code akidb_}, the key's id, {@code _}, and 256 random bits in base64url. A fast hash is
 * enough to keep it by, because nobody can guess 256 bits.
 */
public final class KeySecret {

    private static final String PREFIX = "akidb_";
    private static final int ID_LENGTH = 8;
    private static final int SECRET_AT = PREFIX.length() + ID_LENGTH + 1;
    private static final int LENGTH = SECRET_AT + 43;
    private static final String ID_CHARACTERS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeySecret() {}

    /** A new id: 8 letters and digits. */
    public static String newId() {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_CHARACTERS.charAt(RANDOM.nextInt(ID_CHARACTERS.length())));
        }
        return id.toString();
    }

    /** A new key with that id. */
    public static String newKey(String id) {
        byte[] secret = new byte[32];
        RANDOM.nextBytes(secret);
        return PREFIX + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** The id in a key; null if it has not the form of a key. */
    static @Nullable String idOf(String key) {
        return key.length() == LENGTH && key.startsWith(PREFIX) && key.charAt(SECRET_AT - 1) == '_'
                ? key.substring(PREFIX.length(), SECRET_AT - 1)
                : null;
    }

    /** SHA-256 of a key. */
    public static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
