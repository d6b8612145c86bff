package com.akidb.engine;

import com.akidb.account.Account;
import com.akidb.account.RequestKey;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has a write happen once: its commit keeps a receipt, and as long as that is there, no other write with the same key
 * happens.
 *
 * @param key of the receipt, 1 to 255 characters
 * @param fingerprint what is to be written, so that another write with the same key is noticed
 * @param answer what the receipt keeps, made from what the write did; an {@code AkidbException} that it throws makes
 *     the write fail as a whole. Called by the thread that writes
 */
public record Once(String key, String fingerprint, Function<List<WriteResult>, byte[]> answer) implements Kept {

    /** How long a receipt is kept, unless there are too many of them. */
    public static final Duration KEPT = Duration.ofHours(24);

    /**
     * What a commit kept of a write that was to happen once.
     *
     * @param answer as {@link Once#answer} made it
     */
    public record Receipt(String fingerprint, byte[] answer) {}

    /** What is said while another write with the same key is being worked on. */
    public static ConflictException inUse() {
        return new ConflictException(
                ErrorCode.IDEMPOTENCY_KEY_IN_USE,
                "A request with this Idempotency-Key is being worked on; ask again for its answer",
                "Idempotency-Key");
    }

    /**
     * The one write of a request, as its caller wants it.
     *
     * @param outcome of the service that was asked, made from what the write did
     * @return null if its caller said nothing of repeats
     */
    public static @Nullable Once of(Account account, Function<WriteResult, ? extends @Nullable Object> outcome) {
        RequestKey key = account.requestKey();
        return key == null
                ? null
                : new Once(
                        key.id(), key.fingerprint(), results -> key.answer().apply(outcome.apply(results.getFirst())));
    }
}
