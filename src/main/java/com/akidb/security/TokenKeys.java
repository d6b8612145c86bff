package com.akidb.security;

import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import io.jsonwebtoken.security.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys by which tokens are signed: the server's own, 32 random bytes in {@code security/tokens.key} of the data directory, and
 * those of applications in the settings. Safe for many threads.
 */
final class TokenKeys {

    private static final int LEAST_BYTES = 32;
    private static final int MOST_KEYS = 100;
    private static final Pattern ID = Pattern.compile("[\\p{Alnum}._-]{1,64}");

    private final Path file;
    private final Map<String, Key> others;
    private final RevokedTokens revoked;
    private volatile @Nullable SecretKey own;

    /** Reads the keys that there are. */
    TokenKeys(Path dataDirectory, TokenSettings settings, RevokedTokens revoked) {
        this.revoked = revoked;
        this.file = dataDirectory.resolve("security").resolve("tokens.key");
        Map<String, Key> all = new HashMap<>();
        settings.secrets().forEach((id, secret) -> all.put(id, secret(id, secret)));
        settings.publicKeys().forEach((id, key) -> all.put(id, publicKey(id, key)));
        this.others = Map.copyOf(all);
        this.own = read();
    }

    /** Refuses settings that are no keys. */
    static void check(Map<String, String> secrets, Map<String, String> publicKeys) {
        if (secrets.size() + publicKeys.size() > MOST_KEYS) {
            throw new IllegalArgumentException(
                    "akidb.security.tokens.secrets and public-keys must be at most " + MOST_KEYS);
        }
        secrets.forEach(TokenKeys::secret);
        publicKeys.forEach((id, key) -> {
            publicKey(id, key);
            if (secrets.containsKey(id)) {
                throw new IllegalArgumentException("akidb.security.tokens.public-keys." + id
                        + " is also the id of a secret; a key id must have one key");
            }
        });
    }

    private static SecretKey secret(String id, String text) {
        String name = "akidb.security.tokens.secrets." + id;
        requireId(name, id);
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(text);
            if (bytes.length >= LEAST_BYTES) {
                return Keys.hmacShaKeyFor(bytes);
            }
        } catch (IllegalArgumentException noBase64) {
            throw new IllegalArgumentException(name + " must be base64", noBase64);
        }
        throw new IllegalArgumentException(name + " must be base64 of at least " + LEAST_BYTES + " bytes");
    }

    private static PublicKey publicKey(String id, String text) {
        String name = "akidb.security.tokens.public-keys." + id;
        requireId(name, id);
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(bytes));
        } catch (GeneralSecurityException | IllegalArgumentException noKey) {
            throw new IllegalArgumentException(name + " must be an Ed25519 public key, X.509 in base64 or PEM", noKey);
        }
    }

    /** Whether keys can have this id. */
    static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    private static void requireId(String name, String id) {
        if (!isId(id)) {
            throw new IllegalArgumentException(name + " must have a key id of 1 to 64 letters, digits and . _ -");
        }
    }

    /** Whether no token can be valid by now. */
    boolean areNone() {
        return own == null && others.isEmpty();
    }

    /** The key of an application; null if there is none of that id, or its tokens are refused. */
    @Nullable
    Key other(String id) {
        return revoked.contains(id) ? null : others.get(id);
    }

    /** The server's own key; null if there was no need of one yet. */
    @Nullable
    SecretKey own() {
        return own;
    }

    /** The server's own key, which is made if there is none; may touch the disk. */
    synchronized SecretKey make() {
        SecretKey there = own == null ? read() : own;
        if (there == null) {
            byte[] bytes = new byte[LEAST_BYTES];
            new SecureRandom().nextBytes(bytes);
            try {
                AtomicFiles.createPrivateDirectory(AtomicFiles.parentOf(file));
                AtomicFiles.writePrivately(file, Base64.getEncoder().encodeToString(bytes) + "\n");
            } catch (IOException unwritable) {
                throw new UnavailableException(file + " cannot be written: " + unwritable, unwritable);
            }
            there = Keys.hmacShaKeyFor(bytes);
        }
        own = there;
        return there;
    }

    private @Nullable SecretKey read() {
        try {
            byte[] bytes = Base64.getDecoder().decode(Files.readString(file).strip());
            if (bytes.length >= LEAST_BYTES) {
                return Keys.hmacShaKeyFor(bytes);
            }
        } catch (NoSuchFileException none) {
            return null;
        } catch (IOException unreadable) {
            throw new UnavailableException(file + " cannot be read: " + unreadable, unreadable);
        } catch (IllegalArgumentException damaged) {
            throw new CorruptDataException(file + " is damaged; delete it, and all tokens end", damaged);
        }
        throw new CorruptDataException(file + " is damaged; delete it, and all tokens end");
    }

    /** Another secret of the server, made from its own key; may touch the disk. */
    byte[] derived(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(make().getEncoded(), "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
