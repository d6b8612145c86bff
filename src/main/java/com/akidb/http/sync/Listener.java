package com.akidb.http.sync;

import com.akidb.sync.Pokes;
import com.akidb.sync.Pokes.Poke;
import com.akidb.sync.Pokes.Watch;
import com.akidb.table.TableSchema;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * A client that listens for pokes and live queries. It gets a poke at once, and then at most twelve a second; nothing is sent faster
 * than it reads. On the event loop of its connection, but for what the engine calls.
 */
final class Listener {

    /** What it hears. */
    sealed interface Frame {

        /** There is something to pull. */
        record Poked(Poke poke) implements Frame {}

        /** Nothing; whether it is still there. */
        record Ping() implements Frame {}

        /** The server stops: another one, or this one later, is to be asked. */
        record Drain() implements Frame {}

        /** Its key or token is not valid any more. */
        record Ended() implements Frame {}

        /**
         * What is new of a live query.
         *
         * @param type result, change or error
         */
        record Live(String type, String json) implements Frame {}

        /** An answer to what it said itself. */
        record Said(String json) implements Frame {}
    }

    private static final Duration BETWEEN_POKES = Duration.ofMillis(80);
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Answers that wait to be read; a client that says more without reading is given up. */
    private static final int MOST_WAITING = 16;

    private final EventLoop loop;
    private final Pokes pokes;
    private final Duration betweenPings;
    private final BooleanSupplier leaving;
    private final BooleanSupplier welcome;
    private final Runnable ended;
    private final Runnable disconnect;
    private final Queue<Frame> waiting = new ArrayDeque<>();
    private final Map<String, Live> lives = new LinkedHashMap<>();
    private @Nullable FluxSink<Frame> sink;
    private @Nullable Watch watch;
    private @Nullable Future<?> ticks;
    private @Nullable Future<?> later;
    private long nextPoke = System.nanoTime();
    private long nextPing;

    /** Pings since the client was last heard. */
    private int unanswered;

    /**
     * A client.
     *
     * @param betweenPings how often it is asked whether it is still there
     * @param leaving whether the server is about to stop
     * @param welcome whether the client's key or token is still valid
     * @param ended called for each live query that ends
     * @param disconnect ends the connection, whatever is on its way: who does not read cannot be told goodbye
     */
    Listener(
            EventLoop loop,
            Pokes pokes,
            Duration betweenPings,
            BooleanSupplier leaving,
            BooleanSupplier welcome,
            Runnable ended,
            Runnable disconnect) {
        this.loop = loop;
        this.pokes = pokes;
        this.betweenPings = betweenPings;
        this.nextPing = nextPoke + betweenPings.toNanos();
        this.leaving = leaving;
        this.welcome = welcome;
        this.ended = ended;
        this.disconnect = disconnect;
    }

    /** What the client hears, for one subscriber. */
    Flux<Frame> frames() {
        return Flux.create(
                to -> {
                    sink = to;
                    to.onRequest(more -> onLoop(this::flush));
                    to.onDispose(() -> onLoop(this::close));
                    ticks = loop.scheduleAtFixedRate(
                            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
                },
                FluxSink.OverflowStrategy.ERROR);
    }

    private void onLoop(Runnable work) {
        if (loop.inEventLoop()) {
            work.run();
        } else {
            loop.execute(work);
        }
    }

    /** Listens for other tables than before. */
    void subscribe(Collection<TableSchema> tables) {
        Watch before = watch;
        if (before != null) {
            before.close();
        }
        watch = pokes.watch(tables, () -> onLoop(this::flush));
        flush();
    }

    /** How many live queries it has. */
    int lives() {
        return lives.size();
    }

    /**
     * Follows a live query.
     *
     * @param made makes it, given what it calls when there is something to take
     * @return false if there is one of that name
     */
    boolean follow(String id, Function<Runnable, Live> made) {
        if (lives.containsKey(id)) {
            return false;
        }
        lives.put(id, made.apply(this::flush));
        flush();
        return true;
    }

    /** Ends a live query; false if there is none of that name. */
    boolean leave(String id) {
        Live live = lives.remove(id);
        if (live != null) {
            live.close();
            ended.run();
        }
        return live != null;
    }

    /** Takes note of a sign of life. */
    void heard() {
        unanswered = 0;
    }

    /** Answers something; ends if the client does not read its answers. */
    void say(String json) {
        tell(new Frame.Said(json));
    }

    /** As {@link #say}. */
    void tell(Frame frame) {
        waiting.add(frame);
        if (waiting.size() > MOST_WAITING) {
            disconnect.run();
        } else {
            flush();
        }
    }

    private void tick() {
        if (leaving.getAsBoolean()) {
            leave(new Frame.Drain());
        } else if (!welcome.getAsBoolean()) {
            leave(new Frame.Ended());
        } else if (System.nanoTime() - nextPing >= 0) {
            nextPing = System.nanoTime() + betweenPings.toNanos();
            if (++unanswered > 2) {
                disconnect.run();
            } else if (waiting.stream().noneMatch(Frame.Ping.class::isInstance)) {
                waiting.add(new Frame.Ping());
                flush();
            }
        }
    }

    private void flush() {
        FluxSink<Frame> to = sink;
        if (to == null || to.isCancelled()) {
            return;
        }
        while (to.requestedFromDownstream() > 0 && !waiting.isEmpty()) {
            to.next(waiting.remove());
        }
        flushLives(to);
        Watch watched = watch;
        if (watched == null || to.requestedFromDownstream() == 0 || !watched.hasNews()) {
            return;
        }
        long wait = nextPoke - System.nanoTime();
        if (wait > 0) {
            if (later == null || later.isDone()) {
                later = loop.schedule(this::flush, wait, TimeUnit.NANOSECONDS);
            }
            return;
        }
        Poke poke = watched.take();
        if (poke != null) {
            nextPoke = System.nanoTime() + BETWEEN_POKES.toNanos();
            to.next(new Frame.Poked(poke));
        }
    }

    private void flushLives(FluxSink<Frame> to) {
        for (Iterator<Live> each = lives.values().iterator(); each.hasNext() && to.requestedFromDownstream() > 0; ) {
            Live live = each.next();
            Frame frame = live.take();
            if (frame != null) {
                to.next(frame);
                live.look();
            }
            if (live.isOver()) {
                each.remove();
                ended.run();
            }
        }
    }

    private void leave(Frame last) {
        FluxSink<Frame> to = sink;
        if (to == null || to.requestedFromDownstream() == 0) {
            disconnect.run();
        } else {
            to.next(last);
            to.complete();
        }
    }

    private void close() {
        List.copyOf(lives.keySet()).forEach(this::leave);
        Watch watched = watch;
        if (watched != null) {
            watched.close();
            watch = null;
        }
        Future<?> ticking = ticks;
        if (ticking != null) {
            ticking.cancel(false);
        }
        Future<?> planned = later;
        if (planned != null) {
            planned.cancel(false);
        }
    }
}
