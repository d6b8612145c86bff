package com.akidb.http.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Answers as a receipt keeps them: a line with the status, the Location and the media type, then the body. */
final class KeptAnswer {

    /** Tells a client that it got the answer that was given before. */
    static final String REPLAYED = "Idempotency-Replayed";

    private KeptAnswer() {}

    static byte[] bytes(Answer answer) {
        String location = answer.headers().getOrDefault(HttpHeaders.LOCATION, "");
        byte[] head = String.format(Locale.ROOT, "%d %s %s\n", answer.status().value(), location, answer.contentType())
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer kept = ByteBuffer.allocate(head.length + answer.length()).put(head);
        answer.body().forEach(piece -> kept.put(piece.duplicate()));
        return kept.array();
    }

    static Answer read(byte[] kept) {
        int end = 0;
        while (kept[end] != '\n') {
            end++;
        }
        List<String> head = List.of(new String(kept, 0, end, StandardCharsets.UTF_8).split(" ", 3));
        Map<String, String> headers = new HashMap<>(Map.of(REPLAYED, "true"));
        if (!head.get(1).isEmpty()) {
            headers.put(HttpHeaders.LOCATION, head.get(1));
        }
        ByteBuffer body = ByteBuffer.wrap(kept, end + 1, kept.length - end - 1);
        return new Answer(HttpStatus.valueOf(Integer.parseInt(head.get(0))), body, head.get(2), headers);
    }
}
