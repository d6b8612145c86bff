package com.akidb.ops;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Begins the drain when the process is told to stop. Spring publishes the event before it stops the servers, so
 * {@code /health/ready} turns to 503 while the port is still open, for as long as the drain delay says.
 */
final class DrainListener implements ApplicationListener<ContextClosedEvent> {

    private static final Logger log = LoggerFactory.getLogger(DrainListener.class);

    private final ApplicationContext context;
    private final ServerState state;
    private final Duration delay;

    DrainListener(ApplicationContext context, ServerState state, Duration delay) {
        this.context = context;
        this.state = state;
        this.delay = delay;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() != context) {
            return;
        }
        state.advance(ServerState.Stage.LEAVING);
        log.info("Draining: not ready from now on, refusing new requests in {} ms", delay.toMillis());
        if (!delay.isZero()) {
            Executor later = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
            CompletableFuture.runAsync(() -> {}, later).join();
        }
        state.advance(ServerState.Stage.DRAINING);
    }
}
