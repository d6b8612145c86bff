package com.akidb.memory;

import com.akidb.error.OverloadedException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one request holds of a budget: first the rows that are read for it, then its answer until the client has it. Whoever
 * serves a request binds it to the work that is done for it; what reads much takes from the one that is bound, and so needs no
 * hand to it. Safe for many threads.
 */
public final class RequestMemory implements AutoCloseable {

    private static final ScopedValue<RequestMemory> BOUND = ScopedValue.newInstance();
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final MemoryBudget budget;
    private final String refusal;
    private long reserved;
    private long used;
    private boolean closed;

    /** @param refusal what is said to who finds too little, without a full stop */
    public RequestMemory(MemoryBudget budget, String refusal) {
        this.budget = budget;
        this.refusal = refusal;
    }

    /** Takes memory for the request that the current thread works for; nothing if it works for none. */
    public static void takeOfCurrent(long bytes) {
        if (BOUND.isBound()) {
            BOUND.get().take(bytes);
        }
    }

    /** Uses again what was taken for the request that the current thread works for; see {@link #reuse}. */
    public static void reuseOfCurrent() {
        if (BOUND.isBound()) {
            BOUND.get().reuse();
        }
    }

    /** The same work for the same request, for any thread. */
    public static <T extends @Nullable Object> Supplier<T> carried(Supplier<T> work) {
        if (!BOUND.isBound()) {
            return work;
        }
        RequestMemory memory = BOUND.get();
        return () -> memory.during(work);
    }

    /** As {@link #carried(Supplier)}, for work that is given something. */
    public static <A extends @Nullable Object, T extends @Nullable Object> Function<A, T> carried(Function<A, T> work) {
        if (!BOUND.isBound()) {
            return work;
        }
        RequestMemory memory = BOUND.get();
        return given -> memory.during(() -> work.apply(given));
    }

    /** As the executor, for tasks that work for the request that the current thread works for. */
    public static Executor carrying(Executor threads) {
        if (!BOUND.isBound()) {
            return threads;
        }
        RequestMemory memory = BOUND.get();
        return task -> threads.execute(() -> memory.during(() -> {
            task.run();
            return null;
        }));
    }

    /** Works for this request. */
    public <T extends @Nullable Object> T during(Supplier<T> work) {
        return ScopedValue.where(BOUND, this).call(work::get);
    }

    /**
     * Takes more memory; it is given back when this is closed.
     *
     * @throws OverloadedException at once if others hold too much
     */
    public synchronized void take(long bytes) {
        if (closed) {
            return; // The client is gone; what still works for it ends soon.
        }
        long more = used + bytes - reserved;
        if (more > 0) {
            if (!budget.reserve(reserved, more)) {
                throw new OverloadedException(refusal + "; try again later", RETRY_AFTER);
            }
            reserved += more;
        }
        used += bytes;
    }

    /** Whether much is held for the request: more than those who need little. */
    public synchronized boolean isLarge() {
        return used > MemoryBudget.LITTLE;
    }

    /** Uses again what was taken, for what takes the place of that. */
    public synchronized void reuse() {
        used = 0;
    }

    /** Holds this much from here on, and no more what was taken before; fails as {@link #take}. */
    public synchronized void holdInstead(long bytes) {
        used = 0;
        if (bytes < reserved) {
            budget.release(reserved - bytes);
            reserved = bytes;
        }
        take(bytes);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            budget.release(reserved);
            reserved = 0;
        }
    }
}
