package com.akidb.concurrent;

import com.akidb.memory.RequestMemory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody still waits for what a thread does. Whoever starts work that blocks gives it the caller's patience; what may
 * take long asks now and then and ends when it is over, because the caller's time has passed or it has gone.
 */
public final class Patience {

    private static final BooleanSupplier ENDLESS = () -> false;
    private static final ScopedValue<BooleanSupplier> IS_OVER = ScopedValue.newInstance();

    private Patience() {}

    /** Tells whether the patience of the current thread's caller is over; never, if nothing is known of it. For any thread. */
    public static BooleanSupplier isOver() {
        return IS_OVER.orElse(ENDLESS);
    }

    /** Works while somebody waits, as told by a function that any thread may ask. */
    public static <T extends @Nullable Object> T during(BooleanSupplier isOver, Supplier<T> work) {
        return ScopedValue.where(IS_OVER, isOver).call(work::get);
    }

    /** Does what others need as well, and what therefore does not end with the patience of one caller. */
    public static <T extends @Nullable Object> T endless(Supplier<T> work) {
        return during(ENDLESS, work);
    }

    /**
     * Works on another thread while the outcome is waited for: cancelling it ends the work, or keeps it from being started. So
     * does the end of the patience of who starts it.
     */
    public static <T extends @Nullable Object> CompletableFuture<T> supply(Executor threads, Supplier<T> work) {
        return compose(threads, () -> CompletableFuture.completedFuture(work.get()));
    }

    /** As {@link #supply}, for work that only begins on that thread: the patience lasts until what it began has ended. */
    public static <T extends @Nullable Object> CompletableFuture<T> compose(
            Executor threads, Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Supplier<CompletableFuture<T>> carried = RequestMemory.carried(work);
        BooleanSupplier starter = isOver();
        BooleanSupplier isOver =
                starter == ENDLESS ? outcome::isDone : () -> outcome.isDone() || starter.getAsBoolean();
        threads.execute(() -> {
            if (!outcome.isDone()) {
                Futures.follow(outcome, Futures.call(() -> during(isOver, carried)));
            }
        });
        return outcome;
    }
}
