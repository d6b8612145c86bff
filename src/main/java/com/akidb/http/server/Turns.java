package com.akidb.http.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Has large pieces of work done one after another, or as many at once as stay below a size together, first come first
 * served. Safe for many threads.
 */
final class Turns {

    private final long most;
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private long taken;

    /** @param most what those may weigh together that have their turn; one that weighs more has it alone */
    Turns(long most) {
        this.most = most;
    }

    /** Lines up; to be closed, whether the turn came or not. */
    Turn take(long weight) {
        Turn turn = new Turn(weight);
        synchronized (this) {
            waiting.add(turn);
        }
        begin();
        return turn;
    }

    private void begin() {
        List<Turn> begun = new ArrayList<>(1);
        synchronized (this) {
            for (Turn next = waiting.peek(); next != null && fits(next); next = waiting.peek()) {
                waiting.remove();
                taken += next.weight;
                next.isTaken = true;
                begun.add(next);
            }
        }
        // Outside, since whoever waits goes on right here.
        begun.forEach(turn -> turn.begun.complete(null));
    }

    private boolean fits(Turn turn) {
        return taken == 0 || taken + turn.weight <= most;
    }

    /** One's place in the line, and then the turn. */
    final class Turn implements AutoCloseable {

        private final long weight;
        private final CompletableFuture<Void> begun = new CompletableFuture<>();
        private boolean isTaken;

        private Turn(long weight) {
            this.weight = weight;
        }

        /** Completes when the turn has come. */
        CompletableFuture<Void> begun() {
            return begun.copy();
        }

        /** Leaves the line, or gives the turn to the next; does nothing the second time. */
        @Override
        public void close() {
            synchronized (Turns.this) {
                if (isTaken) {
                    isTaken = false;
                    taken -= weight;
                } else {
                    waiting.remove(this);
                }
            }
            begin();
        }
    }
}
