package com.akidb.security.keys;

import com.akidb.error.UnauthenticatedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key in what came with a request: {@code Authorization: Bearer KEY} or {@code X-API-Key: KEY}. Never says
 * what a wrong header held.
 */
final class KeyHeaders {

    private static final String BEARER = "bearer";
    private static final int LONGEST = 256;

    /** How tokens begin: with a JSON object in base64url. They are longer than keys, and bounded where they are read. */
    private static final String TOKEN = "eyJ";

    private KeyHeaders() {}

    /**
     * The key of a request.
     *
     * @param authorization values of the header, or of the metadata entry; another scheme than Bearer is for a proxy in
     *     front, and counts only if there is no other key
     * @param apiKey values of {@code X-API-Key}
     * @throws UnauthenticatedException if there is none, none that could be one, or more than one
     */
    static String key(List<String> authorization, List<String> apiKey) {
        String key = null;
        boolean otherScheme = false;
        for (String value : apiKey) {
            key = same(key, checked(value.strip(), "X-API-Key has no key"));
        }
        for (String value : authorization) {
            String bearer = bearer(value.strip());
            otherScheme |= bearer == null;
            key = bearer == null ? key : same(key, checked(bearer, "Authorization has no key after Bearer"));
        }
        if (key == null) {
            throw new UnauthenticatedException(
                    otherScheme
                            ? "Authorization must be 'Bearer KEY'"
                            : "An API key is needed: send Authorization: Bearer KEY, or X-API-Key: KEY");
        }
        return key;
    }

    /** What follows the scheme Bearer; null if the scheme is another. */
    private static @Nullable String bearer(String value) {
        if (!value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return null;
        }
        String rest = value.substring(BEARER.length());
        return rest.isEmpty() || rest.charAt(0) == ' ' || rest.charAt(0) == '\t' ? rest.strip() : null;
    }

    private static String checked(String key, String ifEmpty) {
        if (key.isEmpty()) {
            throw new UnauthenticatedException(ifEmpty);
        }
        if (key.length() > LONGEST && !key.startsWith(TOKEN)) {
            throw new UnauthenticatedException("The API key is longer than any key is");
        }
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) <= ' ' || key.charAt(i) > '~') {
                throw new UnauthenticatedException("The API key has characters that no key has");
            }
        }
        return key;
    }

    private static String same(@Nullable String first, String second) {
        if (first != null && !first.equals(second)) {
            throw new UnauthenticatedException("Two different API keys came with the request; send one");
        }
        return second;
    }
}
