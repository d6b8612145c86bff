package com.akidb.embedding.mlx;

import com.akidb.error.OverloadedException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Bounds the calls of Python over all models of the process. */
final class Permits {

    private final Semaphore semaphore;
    private final int most;

    Permits(int most) {
        this.most = most;
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

    /** Does something while nobody has a permit; false if it could not, or says so itself. */
    boolean alone(Duration patience, BooleanSupplier action) {
        try {
            if (!semaphore.tryAcquire(most, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            return action.getAsBoolean();
        } finally {
            semaphore.release(most);
        }
    }
}
