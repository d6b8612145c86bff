package com.akidb.sync;

import com.akidb.table.TableSchema;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What stands for primary keys in patches for callers who may see only some rows: clients are told that rows went away which they
 * never were to hear of, and learn nothing of them by that but that there was one. For one thread.
 */
final class OpaqueKeys {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 16;

    private final Mac mac;

    /** @param secret of the server, at least 16 bytes; with another, all keys are others */
    OpaqueKeys(byte[] secret) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The same for the same key of the same table, and of nothing else. */
    String of(TableSchema table, String key) {
        return of(table.id() + "/" + key);
    }

    /** Stands for a text. */
    String of(String text) {
        byte[] whole = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, BYTES));
    }
}
