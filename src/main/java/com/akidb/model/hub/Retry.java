package com.akidb.model.hub;

import com.akidb.model.HubSettings;
import com.akidb.model.hub.HubDownload.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats what may succeed later: after broken connections, time-outs, 429 and 5xx. */
final class Retry {

    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final HubSettings settings;
    private final Pause pause;

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        void pass(Duration time) throws IOException;
    }

    /** Work that is repeated. */
    @FunctionalInterface
    interface Attempt<T> {
        /**
         * Tries once.
         *
         * @param progress to be run when something was achieved, after which all attempts are free again
         */
        T run(Runnable progress) throws IOException;
    }

    Retry(HubSettings settings, Pause pause) {
        this.settings = settings;
        this.pause = pause;
    }

    /**
     * Tries until it works, the failure is final, or the attempts are used up.
     *
     * @throws IOException the last failure
     */
    <T> T run(String what, Attempt<T> attempt) throws IOException {
        int[] failures = {0};
        while (true) {
            try {
                return attempt.run(() -> failures[0] = 0);
            } catch (IOException e) {
                failures[0]++;
                boolean isFinal = (e instanceof HubStatusException status && !status.isPassing())
                        || e instanceof StorageException
                        || Thread.currentThread().isInterrupted();
                if (isFinal || failures[0] >= settings.attempts()) {
                    throw e;
                }
                Duration wait = delay(failures[0], e);
                LOG.warn(
                        "{}: {}; attempt {} of {} in {} ms",
                        what,
                        e.getMessage(),
                        failures[0] + 1,
                        settings.attempts(),
                        wait.toMillis());
                pause.pass(wait);
            }
        }
    }

    /** What the hub asks for, or exponential backoff with jitter, so that many clients do not come back at once. */
    private Duration delay(int failures, IOException failure) {
        if (failure instanceof HubStatusException status && status.retryAfter().isPresent()) {
            Duration asked = status.retryAfter().get();
            return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
        }
        long full = settings.retryDelay().toMillis() << Math.min(failures - 1, 16);
        long most = Math.min(full, LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }
}
