package com.akidb.http.server;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * A file of the server's own that browsers may keep: they are told by its ETag whether it is still the same, and get 304
 * (Not Modified) then.
 */
public final class StaticFile {

    private final byte[] bytes;
    private final String type;
    private final Map<String, String> headers;
    private final String tag;

    /** @param headers further ones, such as a policy for scripts */
    public StaticFile(byte[] bytes, String type, Map<String, String> headers) {
        this.bytes = bytes.clone();
        this.type = type;
        this.tag = tag(bytes);
        Map<String, String> all = new HashMap<>(headers);
        all.putIfAbsent(HttpHeaders.CACHE_CONTROL, "no-cache");
        all.put(HttpHeaders.ETAG, tag);
        this.headers = Map.copyOf(all);
    }

    public StaticFile(byte[] bytes, String type) {
        this(bytes, type, Map.of());
    }

    /** The file, or that it has not changed. */
    public Answer answer(Call call) {
        return isKnown(call.exchange().getRequest().getHeaders().getOrEmpty(HttpHeaders.IF_NONE_MATCH))
                ? new Answer(HttpStatus.NOT_MODIFIED, ByteBuffer.allocate(0), "", headers)
                : new Answer(HttpStatus.OK, ByteBuffer.wrap(bytes).asReadOnlyBuffer(), type, headers);
    }

    /** Whether the client has this very file; RFC 9110 compares weakly here. */
    private boolean isKnown(List<String> given) {
        for (String line : given) {
            for (String each : line.split(",")) {
                String one = each.strip();
                if (one.equals("*") || one.equals(tag) || one.equals("W/" + tag)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "\"" + HexFormat.of().formatHex(digest, 0, 12) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
