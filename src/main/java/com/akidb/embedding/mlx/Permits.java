package com.akidb.embedding.mlx;

import com.akidb.error.OverloadedException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bounds the calls of Python over all models of the process. */
final class Permits {

    private final Semaphore semaphore;

    Permits(int most) {
        semaphore = new Semaphore(most, true);
    }

    /** A permit in use. */
    interface Permit extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * Waits for a permit.
     *
     * @throws OverloadedException {@code Semaphore error: ...} if none becomes free in time
     */
    Permit take(Duration patience) throws InterruptedException {
        if (!semaphore.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new OverloadedException(
                    "Semaphore error: all permits for calls of Python stayed in use for " + patience.toSeconds() + " s",
                    Duration.ofSeconds(1));
        }
        return semaphore::release;
    }
}
