package com.akidb.collection;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes ids for documents that come without one: UUIDs of version 7 (RFC 9562), which begin with the time, so that new
 * ids lie side by side in the store's index. The random part is drawn once; a counter keeps ids of one process apart.
 * Never blocks, unlike {@link UUID#randomUUID}.
 */
final class DocumentIds {

    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long LOW_62 = (1L << 62) - 1;
    /** Odd, so that multiples are a permutation of all 62-bit numbers; its bits are well mixed. */
    private static final long STRIDE = 0x9E37_79B9_7F4A_7C15L;

    private final InstantSource clock;
    private final long start = new SecureRandom().nextLong();
    private final AtomicLong counter = new AtomicLong();

    DocumentIds(InstantSource clock) {
        this.clock = clock;
    }

    String next() {
        long count = counter.getAndIncrement();
        long high = (clock.millis() << 16) | VERSION | ((start >>> 52) & 0xFFF);
        long low = VARIANT | ((start + count * STRIDE) & LOW_62);
        return new UUID(high, low).toString();
    }
}
