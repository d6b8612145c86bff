package com.akidb.security;

import com.akidb.security.keys.KeyRing;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Follows the files of keys and of revoked tokens while the server runs, and keeps when each key was used last. */
final class KeyWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(KeyWatch.class);

    private final KeyRing keys;
    private final RevokedTokens revoked;
    private volatile ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(0);
    private volatile boolean running;

    KeyWatch(KeyRing keys, RevokedTokens revoked) {
        this.keys = keys;
        this.revoked = revoked;
    }

    @Override
    public void start() {
        timer = new ScheduledThreadPoolExecutor(
                1, task -> Thread.ofPlatform().name("akidb-keys").daemon().unstarted(task));
        timer.scheduleWithFixedDelay(guarded(keys::refresh), 1, 1, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(guarded(revoked::refresh), 1, 1, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(guarded(keys::saveUses), 1, 1, TimeUnit.MINUTES);
        running = true;
        if (keys.isRequired()) {
            log.info("Requests need an API key; there are {}", keys.size());
        }
    }

    /** A timer never runs again what failed once. */
    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException failure) {
                log.error("Could not look after the API keys", failure);
            }
        };
    }

    @Override
    public void stop() {
        timer.shutdownNow();
        guarded(keys::saveUses).run();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
