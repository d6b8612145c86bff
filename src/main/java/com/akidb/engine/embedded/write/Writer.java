package com.akidb.engine.embedded.store;

import com.akidb.engine.embedded.store.GroupCommit.Answer;
import com.akidb.error.AkidbException;
import com.akidb.error.InternalException;
import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes what has queued, commits it and goes on; answers are given by a second thread, so
 * that what follows from them does not hold up the next commit.
 */
final class Writer {

    private static final Logger log = LoggerFactory.getLogger(Writer.class);

    private static final Duration MOST_TIME_TO_STOP = Duration.ofSeconds(60);

    private final WriteQueue queue;
    private final GroupCommit commits;
    private final CommitObserver observer;
    private final ExecutorService answers;
    private final Thread thread;

    private Writer(WriteQueue queue, GroupCommit commits, CommitObserver observer) {
        this.queue = queue;
        this.commits = commits;
        this.observer = observer;
        this.answers = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("akidb-answers").factory());
        this.thread = Thread.ofPlatform().daemon().name("akidb-writer").unstarted(this::work);
    }

    static Writer start(WriteQueue queue, GroupCommit commits, CommitObserver observer) {
        Writer writer = new Writer(queue, commits, observer);
        writer.thread.start();
        return writer;
    }

    private void work() {
        List<WriteTask> group = queue.take();
        while (!group.isEmpty()) {
            if (group.getFirst() instanceof WriteTask.Structure<?> structure) {
                change(structure);
            } else {
                commit(group.stream().map(WriteTask.Rows.class::cast).toList());
            }
            group = queue.take();
        }
    }

    private void commit(List<WriteTask.Rows> group) {
        List<Answer> given;
        try {
            given = commits.commit(group);
        } catch (RuntimeException | Error e) {
            log.error("A group of {} writes failed", group.size(), e);
            InternalException failure = new InternalException("The engine failed", e);
            given = group.stream()
                    .<Answer>map(task -> new Answer.Failed(task, failure))
                    .toList();
        }
        for (Answer answer : given) {
            if (answer instanceof Answer.Failed failed) {
                observer.failed();
                if (failed.failure().getCause() != null) {
                    log.warn(
                            "A write failed: {}",
                            failed.failure().detail(),
                            failed.failure().getCause());
                }
            }
        }
        List<Answer> ready = given;
        answers.execute(() -> ready.forEach(Answer::give));
    }

    private <T> void change(WriteTask.Structure<T> structure) {
        try {
            T result = commits.commit(structure.change());
            answers.execute(() -> structure.answer().complete(result));
        } catch (AkidbException e) {
            answers.execute(() -> structure.answer().completeExceptionally(e));
        }
    }

    /** Lines up a change of the catalog and waits for it. */
    <T> T change(WriteTask.Change<T> change) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        queue.add(new WriteTask.Structure<>(change, answer));
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof AkidbException known ? known : new InternalException("The engine failed", e);
        }
    }

    /** Takes no more, and returns when what has queued is done and answered. */
    void stop() {
        queue.close();
        try {
            boolean done = thread.join(MOST_TIME_TO_STOP);
            answers.shutdown();
            if (!done || !answers.awaitTermination(MOST_TIME_TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
                throw new UnavailableException("The queued writes could not be finished in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted while finishing the queued writes", e);
        }
    }
}
