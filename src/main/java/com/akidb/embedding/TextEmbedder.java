package com.akidb.embedding;

import com.akidb.embedding.EmbeddingRequest.Urgency;
import com.akidb.embedding.LoadedModel.Prepared;
import com.akidb.embedding.VectorCache.VectorSpace;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.model.ModelSpec;
import com.akidb.text.Unicode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leads the texts of a call to their vectors: each is looked for in the cache, or else checked, tokenised and queued for
 * its model, unless another call is waiting for the same vector already.
 */
final class TextEmbedder {

    /** Longest text that is looked at, in UTF-16 units; far more than any model takes. */
    private static final int MOST_CHARACTERS = 1_000_000;

    private final VectorCache cache;
    private final EmbeddingMetrics metrics;
    /** Whether vectors are scaled when a request does not say. */
    private final boolean normalizes;

    TextEmbedder(VectorCache cache, EmbeddingMetrics metrics, boolean normalizes) {
        this.cache = cache;
        this.metrics = metrics;
        this.normalizes = normalizes;
    }

    /**
     * The work of a call before its texts wait for the model: each step takes one text, and the last queues those that
     * the cache does not have. So every text is checked before the first is queued. The steps end early when nobody
     * waits for the call any more.
     *
     * @throws InvalidInputException if the model gives no vectors of the dimension that the call asks for
     */
    Tokenizing.Steps stepsOf(EmbeddingCall call, LoadedModel model) {
        return new Preparation(call, model);
    }

    /** A text whose vector has to be made. */
    private record Missing(int index, VectorCache.Key key, Flight flight) {}

    private final class Preparation implements Tokenizing.Steps {
        private final EmbeddingCall call;
        private final LoadedModel model;
        private final EmbeddingRequest request;
        private final VectorSpace space;
        private final boolean usesCache;
        private final List<Missing> missing = new ArrayList<>();
        private int next;

        Preparation(EmbeddingCall call, LoadedModel model) {
            this.call = call;
            this.model = model;
            request = call.request();
            space = space(request, model);
            usesCache = request.useCache() && cache.isEnabled();
        }

        @Override
        public boolean next() {
            try {
                if (next < request.texts().size()) {
                    look(next++);
                    return call.isWaiting();
                }
                submit(takeOff());
            } catch (RuntimeException failure) {
                call.fail(failure);
            }
            return false;
        }

        private void look(int index) {
            VectorCache.Key key = new VectorCache.Key(space, request.texts().get(index));
            Flight known = usesCache ? cache.find(key) : null;
            Flight.EmbeddedText landed = known == null ? null : known.landed();
            if (landed != null) {
                metrics.foundVector(true);
                call.answeredFromCache(index, landed);
                return;
            }
            metrics.foundVector(false);
            if (known == null || !known.board(call, index)) {
                missing.add(new Missing(index, key, new Flight(space, prepare(key.text(), index))));
            }
        }

        private Prepared prepare(String text, int index) {
            check(text, index);
            Prepared prepared = model.prepare(space.prompt().isEmpty() ? text : space.prompt() + text);
            if (prepared.truncated() && !request.truncate()) {
                throw call.tooLong(index);
            }
            return prepared;
        }

        /**
         * Puts the call on flights, for equal texts on those of other calls. Returns the new ones, short texts first. A
         * flight in the background may be long in coming, so others find it in the cache only when it has landed.
         */
        private List<Flight> takeOff() {
            boolean background = request.urgency() == Urgency.BACKGROUND;
            List<Flight> mine = new ArrayList<>(missing.size());
            for (Missing text : missing) {
                if (usesCache && background) {
                    text.flight().beforeLanding(() -> cache.enter(text.key(), text.flight()));
                }
                if (!usesCache || background || !sharesFlight(text)) {
                    text.flight().board(call, text.index());
                    mine.add(text.flight());
                }
            }
            // Texts of equal length share calls of the model, and within a request order does not matter.
            mine.sort(Comparator.comparingInt(Flight::length));
            return mine;
        }

        /** Boards another call's flight if one came up meanwhile; else enters the text's own for others to board. */
        private boolean sharesFlight(Missing text) {
            for (Flight other = cache.enter(text.key(), text.flight());
                    other != null;
                    other = cache.enter(text.key(), text.flight())) {
                if (other.board(call, text.index())) {
                    return true;
                }
                cache.remove(text.key(), other);
            }
            return false;
        }

        private void submit(List<Flight> flights) {
            if (flights.isEmpty()) {
                return;
            }
            try {
                model.submit(flights, request.urgency());
            } catch (AkidbException e) {
                flights.forEach(flight -> flight.fail(e));
            }
        }
    }

    private VectorSpace space(EmbeddingRequest request, LoadedModel model) {
        ModelSpec spec = model.spec();
        return model.space(
                request.pooling() == null ? spec.pooling() : request.pooling(),
                request.normalize() == null ? normalizes : request.normalize(),
                dimension(request.dimension(), spec),
                request.inputType());
    }

    private static int dimension(@Nullable Integer wanted, ModelSpec spec) {
        if (wanted == null) {
            return spec.dimension();
        }
        if (wanted < spec.minDimension() || wanted > spec.dimension()) {
            String range = spec.matryoshka() ? spec.minDimension() + " to " + spec.dimension() : "" + spec.dimension();
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    "Model '" + spec.id() + "' gives vectors of dimension " + range + ", not " + wanted,
                    "dimensions");
        }
        return wanted;
    }

    private static void check(String text, int index) {
        if (text.length() > MOST_CHARACTERS) {
            throw new InvalidInputException(
                    ErrorCode.TEXT_TOO_LONG,
                    "A text may have at most " + MOST_CHARACTERS + " characters",
                    EmbeddingCall.field(index));
        }
        if (!Unicode.isWellFormed(text)) {
            // The tokenizer takes UTF-8, which cannot say half a pair; it would silently drop it.
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The text is not valid Unicode: it has an unpaired surrogate",
                    EmbeddingCall.field(index));
        }
    }
}
