package com.akidb.http.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * A file of the server's own that browsers may keep: they are told by its ETag whether it is still the same, and get 304
 * (Not Modified) then. One of text goes out compressed to those who take that.
 */
public final class StaticFile {

    private static final int WORTH_COMPRESSING = 1000;
    private static final Pattern GZIP =
            Pattern.compile("(?:gzip|x-gzip|\\*)\\s*(?:;\\s*q=(?!0(?:\\.0*)?$)[0-9.]+)?", Pattern.CASE_INSENSITIVE);

    private final String type;
    private final String tag;
    private final Form plain;
    private final Form compressed;

    /** The bytes that are sent, and what their headers say of them. */
    private record Form(byte[] bytes, Map<String, String> headers) {}

    /** @param headers further ones, such as a policy for scripts */
    public StaticFile(byte[] bytes, String type, Map<String, String> headers) {
        this.type = type;
        this.tag = tag(bytes);
        Map<String, String> all = new HashMap<>(headers);
        all.putIfAbsent(HttpHeaders.CACHE_CONTROL, "no-cache");
        all.put(HttpHeaders.ETAG, "\"" + tag + "\"");
        if (bytes.length < WORTH_COMPRESSING || !isText(type)) {
            this.plain = this.compressed = new Form(bytes.clone(), Map.copyOf(all));
            return;
        }
        all.merge(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING, (one, other) -> one + ", " + other);
        this.plain = new Form(bytes.clone(), Map.copyOf(all));
        all.put(HttpHeaders.CONTENT_ENCODING, "gzip");
        all.put(HttpHeaders.ETAG, "\"" + tag + "-gzip\"");
        this.compressed = new Form(compress(bytes), Map.copyOf(all));
    }

    public StaticFile(byte[] bytes, String type) {
        this(bytes, type, Map.of());
    }

    /** The file, or that it has not changed. */
    public Answer answer(Call call) {
        HttpHeaders request = call.exchange().getRequest().getHeaders();
        Form form = takesGzip(request.getOrEmpty(HttpHeaders.ACCEPT_ENCODING)) ? compressed : plain;
        return isAmong(request.getOrEmpty(HttpHeaders.IF_NONE_MATCH), Set.of(tag, tag + "-gzip"))
                ? new Answer(HttpStatus.NOT_MODIFIED, ByteBuffer.allocate(0), "", form.headers)
                : new Answer(HttpStatus.OK, ByteBuffer.wrap(form.bytes).asReadOnlyBuffer(), type, form.headers);
    }

    private static boolean isText(String type) {
        return type.startsWith("text/") || type.startsWith("application/json") || type.startsWith("image/svg");
    }

    /** Whether gzip is named, and not with the quality 0; a client that names nothing gets the bytes as they are. */
    private static boolean takesGzip(List<String> accepted) {
        return elements(accepted).anyMatch(each -> GZIP.matcher(each).matches());
    }

    /** Whether a client names one of these tags as what it has; RFC 9110 compares weakly here. */
    static boolean isAmong(List<String> given, Set<String> tags) {
        return elements(given)
                .map(each -> each.startsWith("W/") ? each.substring(2) : each)
                .anyMatch(each -> each.equals("*") || tags.stream().anyMatch(tag -> each.equals("\"" + tag + "\"")));
    }

    private static Stream<String> elements(List<String> header) {
        return header.stream().flatMap(line -> Arrays.stream(line.split(","))).map(String::strip);
    }

    private static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
