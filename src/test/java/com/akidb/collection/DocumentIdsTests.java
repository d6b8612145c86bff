package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DocumentIdsTests {

    private Instant now = Instant.parse("2026-01-02T03:04:05.678Z");
    private final DocumentIds ids = new DocumentIds(() -> now);

    @Test
    void makesUuidsThatBeginWithTheTimeAndNeverRepeat() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            UUID id = UUID.fromString(ids.next());
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(now.toEpochMilli());
            seen.add(id.toString());
        }
        assertThat(seen).hasSize(10_000);
        String before = ids.next();
        now = now.plusMillis(1);
        assertThat(ids.next()).isGreaterThan(before);
        assertThat(new DocumentIds(() -> now).next()).isNotEqualTo(new DocumentIds(() -> now).next());
    }
}
