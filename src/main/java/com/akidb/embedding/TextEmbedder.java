package com.akidb.embedding;

import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.model.ModelSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way of a call's texts: cache, tokens, queue. */
final class TextEmbedder {

    private final VectorCache cache;
    private final EmbeddingMetrics metrics;
    /** Whether vectors are scaled when a request does not say. */
    private final boolean normalizes;

    TextEmbedder(VectorCache cache, EmbeddingMetrics metrics, boolean normalizes) {
        this.cache = cache;
        this.metrics = metrics;
        this.normalizes = normalizes;
    }

    /** A text whose vector has to be made. */
    private record Missing(int index, VectorCache.Key key, Flight flight) {}

    /**
     * The work of a call before its texts wait for the model: a step looks for a text in the cache, or else makes it ready.
     * Every text is checked before the first is queued. The steps end early when nobody waits for the call any more.
     */
    Tokenizing.Steps stepsOf(EmbeddingCall call, LoadedModel model) {
        return new Preparing(call, model);
    }

    private final class Preparing implements Tokenizing.Steps {

        private final EmbeddingCall call;
        private final LoadedModel model;
        private final EmbeddingRequest request;
        private final VectorSpace space;
        private final List<Missing> missing = new ArrayList<>();
        private int next;

        Preparing(EmbeddingCall call, LoadedModel model) {
            this.call = call;
            this.model = model;
            request = call.request();
            space = space(request, model);
        }

        @Override
        public boolean next() {
            try {
                if (next < request.texts().size()) {
                    look(next++);
                    return call.isWaiting();
                }
                submit(model, takeOff(call, missing), request.urgency());
            } catch (RuntimeException failure) {
                call.fail(failure);
            }
            return false;
        }

        private void look(int index) {
            VectorCache.Key key = new VectorCache.Key(space, request.texts().get(index));
            Flight known = usesCache(request) ? cache.find(key) : null;
            if (known != null && known.isDone()) {
                metrics.foundVector(true);
                call.answeredFromCache(index, known.join());
                return;
            }
            metrics.foundVector(false);
            if (known == null || !known.board(call, index)) {
                missing.add(new Missing(index, key, new Flight(space, prepare(model, space, request, index))));
            }
        }
    }

    private boolean usesCache(EmbeddingRequest request) {
        return request.useCache() && cache.isEnabled();
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

    private static TextPreparation.Prepared prepare(
            LoadedModel model, VectorSpace space, EmbeddingRequest request, int index) {
        String text = request.texts().get(index);
        TextRules.check(text, index);
        TextPreparation.Prepared prepared = model.prepare(space.prompt().isEmpty() ? text : space.prompt() + text);
        if (prepared.truncated() && !request.truncate()) {
            throw TextRules.tooLong(index, model.spec().id());
        }
        return prepared;
    }

    /**
     * Puts the call on flights, for equal texts on those of other calls. Returns the new ones, short texts first. A flight
     * in the background may be long in coming, so others find it in the cache only when it has landed.
     */
    private List<Flight> takeOff(EmbeddingCall call, List<Missing> missing) {
        List<Flight> mine = new ArrayList<>(missing.size());
        for (Missing text : missing) {
            if (call.request().urgency() == Urgency.BACKGROUND) {
                enterWhenLanded(call.request(), text);
            }
            if (!sharesFlights(call.request()) || !sharesFlight(call, text)) {
                text.flight().board(call, text.index());
                mine.add(text.flight());
            }
        }
        // Texts of equal length share calls of the model, and within a request order does not matter.
        mine.sort(Comparator.comparingInt(Flight::length));
        return mine;
    }

    private boolean sharesFlights(EmbeddingRequest request) {
        return usesCache(request) && request.urgency() == Urgency.INTERACTIVE;
    }

    private void enterWhenLanded(EmbeddingRequest request, Missing text) {
        if (usesCache(request)) {
            text.flight().beforeLanding(() -> cache.enter(text.key(), text.flight()));
        }
    }

    /** Boards another call's flight if one came up meanwhile; else enters the text's own for others to board. */
    private boolean sharesFlight(EmbeddingCall call, Missing text) {
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

    private static void submit(LoadedModel model, List<Flight> flights, Urgency urgency) {
        if (flights.isEmpty()) {
            return;
        }
        try {
            model.submit(flights, urgency);
        } catch (AkidbException e) {
            flights.forEach(flight -> flight.fail(e));
        }
    }
}
