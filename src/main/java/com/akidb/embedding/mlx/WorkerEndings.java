package com.akidb.embedding.mlx;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends workers that do not end by themselves. */
final class WorkerEndings {

    private static final Logger log = LoggerFactory.getLogger(WorkerEndings.class);

    private final MlxProperties settings;
    private final Permits permits;

    WorkerEndings(MlxProperties settings, Permits permits) {
        this.settings = settings;
        this.permits = permits;
    }

    /**
     * Ends a worker that was told to stop: by MLX, which disturbs no other, or else by an interrupt. In a Python that others
     * share all are interrupted, so none may be at work then.
     *
     * @param untilAlone how long to wait for the others
     * @return false if it goes on, in native code
     */
    boolean end(Worker worker, Duration untilAlone) {
        if (worker.endsWhenRefused()) {
            return true;
        }
        Duration patience = settings.interruptTimeout();
        return settings.isolationOrDefault() == Isolation.CONTEXT
                ? worker.interrupt(patience)
                : permits.alone(untilAlone, () -> worker.interrupt(patience));
    }

    /** Ends all workers: idle ones at once, busy ones after their call, loading ones when Python heeds it. */
    void endAll(List<Worker> workers) {
        workers.forEach(Worker::stop);
        long end = System.nanoTime() + settings.closeTimeout().toNanos();
        List<Worker> late = workers.stream()
                .filter(worker -> !worker.endsWithin(Duration.ofNanos(end - System.nanoTime())))
                .toList();
        late.forEach(Worker::refuseMore);
        late.forEach(this::endAtOnce);
    }

    private void endAtOnce(Worker worker) {
        end(worker, settings.interruptTimeout());
        if (!worker.endsWithin(settings.interruptTimeout())) {
            log.warn("Worker {} has not ended and is left behind", worker.name());
        }
    }
}
