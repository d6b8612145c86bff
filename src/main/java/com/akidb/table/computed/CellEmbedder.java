package com.akidb.table.computed;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.embedding.EmbeddingRequest.Urgency;
import com.akidb.engine.Column;
import com.akidb.engine.Uncomputed;
import com.akidb.error.AkidbException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.ColumnModel;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.ColumnFacts.Computed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Embeds texts for a computed column. A text that the model cannot embed fails alone. */
final class CellEmbedder {

    private final ColumnEmbedder embedder;

    CellEmbedder(ColumnEmbedder embedder) {
        this.embedder = embedder;
    }

    /**
     * Embeds texts.
     *
     * @param account charged once for the texts
     * @return for each text, in order, a {@code float[]} or {@link Uncomputed.Failed}; fails as a whole if the model is
     *     unavailable. Cancelling it drops what is queued
     */
    CompletableFuture<List<Object>> embed(
            Column column, Computed computed, List<String> texts, Urgency urgency, Duration timeout, Account account) {
        ColumnModel model = new ColumnModel(computed.model(), column.dimension());
        Terms terms = new Terms(computed.cache(), urgency, timeout, account);
        CompletableFuture<List<float[]>> whole =
                Futures.call(() -> embedder.documents(model, texts, terms, computed.source()));
        CompletableFuture<List<Object>> cells = whole.<List<Object>>thenApply(List::copyOf)
                .exceptionallyCompose(failure -> {
                    AkidbException reason = blamable(failure);
                    return reason == null
                            ? CompletableFuture.failedFuture(Futures.unwrap(failure))
                            : apart(column, computed, texts, urgency, timeout, reason);
                });
        Futures.cancelWith(cells, whole);
        return cells;
    }

    /** Embeds the halves of what failed as a whole, down to the text to blame. The texts have been charged already. */
    private CompletableFuture<List<Object>> apart(
            Column column,
            Computed computed,
            List<String> texts,
            Urgency urgency,
            Duration timeout,
            AkidbException reason) {
        if (texts.size() == 1) {
            return CompletableFuture.completedFuture(List.of(new Uncomputed.Failed(reason.detail())));
        }
        int half = texts.size() / 2;
        return embed(column, computed, texts.subList(0, half), urgency, timeout, Account.SERVER)
                .thenCompose(first -> embed(
                                column, computed, texts.subList(half, texts.size()), urgency, timeout, Account.SERVER)
                        .thenApply(second -> {
                            List<Object> both = new ArrayList<>(first);
                            both.addAll(second);
                            return both;
                        }));
    }

    /** The failure if one of the texts may be to blame; null if the model is unavailable. */
    private static @Nullable AkidbException blamable(Throwable failure) {
        return Futures.unwrap(failure) instanceof AkidbException reason && !isOutage(reason) ? reason : null;
    }

    /** Whether a failure is not the text's fault, so that it may be embedded later. */
    static boolean isOutage(Throwable failure) {
        Throwable reason = Futures.unwrap(failure);
        return reason instanceof UnavailableException
                || reason instanceof OverloadedException
                || reason instanceof DeadlineExceededException
                || reason instanceof CancellationException
                || reason instanceof AkidbException known
                        && known.field().filter("model"::equals).isPresent();
    }
}
