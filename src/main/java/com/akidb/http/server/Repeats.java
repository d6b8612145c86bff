package com.akidb.http.server;

import com.akidb.engine.Once;
import com.akidb.engine.TableEngine;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.server.KeyFilter.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Answers repeats of a request with the answer that it got, by the header Idempotency-Key
 * (draft-ietf-httpapi-idempotency-key-header). The answer is kept by the commit of what the request wrote; one that
 * wrote nothing because it was refused is tried anew. A key belongs to its caller and to one method and path.
 */
final class Repeats {

    static final String HEADER = "Idempotency-Key";

    private static final int LONGEST = 255;

    private final TableEngine engine;

    /** Requests that are being worked on. Their writes may outlive them; the engine lets only one of each key happen. */
    private final Set<String> running = ConcurrentHashMap.newKeySet();

    Repeats(TableEngine engine) {
        this.engine = engine;
    }

    /** Whether a request has such a key. */
    static boolean concern(HttpHeaders headers) {
        return headers.containsHeader(HEADER);
    }

    /** Answers a request that has a key: as it was answered before, or by work, which may run on another thread. */
    Mono<? extends Reply> once(Call call, RequestFacts facts, Supplier<Mono<? extends Reply>> work) {
        ServerHttpRequest request = call.exchange().getRequest();
        String key = key(request.getHeaders());
        String id = digest(
                new byte[0],
                0,
                facts.caller().id(),
                request.getMethod().name(),
                request.getURI().getRawPath(),
                key);
        if (!running.add(id)) {
            return Mono.error(Once.inUse());
        }
        return call.detached(() -> {
                    String fingerprint = fingerprint(call, request.getURI().getRawQuery());
                    Optional<Once.Receipt> receipt = engine.receipt(id);
                    if (receipt.isPresent()) {
                        return Mono.just(answer(receipt.get(), fingerprint));
                    }
                    facts.happensOnce(new RequestFacts.Once(id, fingerprint));
                    return work.get();
                })
                // Before the answer goes out: who has it may ask again at once.
                .doOnTerminate(() -> running.remove(id))
                .doOnCancel(() -> running.remove(id));
    }

    private static String key(HttpHeaders headers) {
        String given = headers.getOrEmpty(HEADER).size() == 1 ? headers.getFirst(HEADER) : null;
        String key = given;
        if (key != null && key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"")) {
            // As the draft has it; most clients send it bare.
            key = key.substring(1, key.length() - 1);
        }
        if (key == null
                || key.isEmpty()
                || key.length() > LONGEST
                || !key.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    HEADER + " must be one value of 1 to 255 visible ASCII characters",
                    HEADER);
        }
        return key;
    }

    private static String fingerprint(Call call, @Nullable String query) {
        return digest(call.body().bytes(), call.body().length(), query == null ? "" : query);
    }

    private static Answer answer(Once.Receipt receipt, String fingerprint) {
        if (!receipt.fingerprint().equals(fingerprint)) {
            throw new InvalidInputException(
                    ErrorCode.IDEMPOTENCY_KEY_REUSED,
                    "This Idempotency-Key was used for another request; each request needs one of its own",
                    HEADER);
        }
        return KeptAnswer.read(receipt.answer());
    }

    private static String digest(byte[] bytes, int length, String... words) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
        for (String word : words) {
            digest.update(word.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        digest.update(bytes, 0, length);
        return HexFormat.of().formatHex(digest.digest());
    }
}
