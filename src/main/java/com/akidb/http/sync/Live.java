package com.akidb.http.sync;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.concurrent.Futures;
import com.akidb.error.AkidbException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.InternalException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Offload;
import com.akidb.http.sync.Listener.Frame;
import com.akidb.http.tables.LiveQuery;
import com.akidb.http.tables.LiveQuery.Item;
import com.akidb.http.tables.LiveQuery.State;
import com.akidb.memory.MemoryBudget;
import com.akidb.sync.Pokes;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A live query of a client that listens: its answer, and then what of it changes. The next change is looked for when the client
 * has taken the one before, so that a slow client, or a fast writer, has several commits told as one. On the event loop of the
 * connection, but for the query itself.
 */
final class Live {

    private static final Logger log = LoggerFactory.getLogger(Live.class);
    private static final Duration BETWEEN = Duration.ofMillis(80);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);

    private final String id;
    private final LiveQuery query;
    private final EventLoop loop;
    private final Offload offload;
    private final Pokes.Watch watch;
    private final MemoryBudget budget;
    private final Runnable flush;
    private @Nullable List<Item> told;
    private long held;
    private @Nullable Frame ready;
    private boolean working;
    private boolean again;
    private boolean planned;
    private boolean over;
    private long next = System.nanoTime();

    /**
     * A live query.
     *
     * @param budget of the answers of all live queries, which stay in memory
     * @param flush called on the event loop when there may be a frame to take
     */
    Live(
            String id,
            LiveQuery query,
            EventLoop loop,
            Offload offload,
            Pokes pokes,
            MemoryBudget budget,
            Runnable flush) {
        this.budget = budget;
        this.id = id;
        this.query = query;
        this.loop = loop;
        this.offload = offload;
        this.flush = flush;
        this.watch = pokes.watch(List.of(query.table()), () -> loop.execute(flush));
    }

    /** What is to be told now; null if there is nothing yet, and then it is looked for if there may be. */
    @Nullable
    Frame take() {
        Frame frame = ready;
        ready = null;
        if (frame == null) {
            look();
        }
        return frame;
    }

    /** Whether nothing comes after what was taken. */
    boolean isOver() {
        return over && ready == null;
    }

    void close() {
        over = true;
        watch.close();
        budget.release(held);
        held = 0;
    }

    /** Looks for what is to be told, if there may be something and it is not looked for yet. */
    void look() {
        if (over || working || planned || ready != null || !(again || watch.hasNews())) {
            return;
        }
        long wait = next - System.nanoTime();
        if (wait > 0) {
            planned = true;
            loop.schedule(
                    () -> {
                        planned = false;
                        flush.run();
                    },
                    wait,
                    TimeUnit.NANOSECONDS);
            return;
        }
        watch.take();
        again = false;
        working = true;
        next = System.nanoTime() + BETWEEN.toNanos();
        List<Item> before = told;
        record Step(List<Item> items, @Nullable Frame frame) {}
        Futures.call(() -> offload.supply(() -> {
                    State state = query.next();
                    return new Step(state.items(), frame(id, before, state));
                }))
                .whenComplete((step, failure) -> loop.execute(() -> {
                    working = false;
                    if (over) {
                        return;
                    }
                    if (failure == null) {
                        keep(step.items, step.frame);
                    } else {
                        failed(Futures.unwrap(failure));
                    }
                    flush.run();
                }));
    }

    private void keep(List<Item> items, @Nullable Frame frame) {
        long bytes = items.stream().mapToLong(Item::weight).sum();
        if (bytes > held && !budget.reserve(held, bytes - held)) {
            end(new OverloadedException(
                    "The answers of live queries take too much memory; try again later", BEFORE_RETRY));
            return;
        }
        if (bytes < held) {
            budget.release(held - bytes);
        }
        held = bytes;
        told = items;
        ready = frame;
    }

    private void failed(Throwable failure) {
        switch (failure) {
            case OverloadedException _, UnavailableException _, DeadlineExceededException _ -> {
                again = true;
                next = System.nanoTime() + BEFORE_RETRY.toNanos();
            }
            case AkidbException known -> end(known);
            default -> {
                log.error("A live query failed", failure);
                end(new InternalException("The live query failed; the server's log has more"));
            }
        }
    }

    private void end(AkidbException failure) {
        ready = new Frame.Live("error", error(id, failure));
        close();
    }

    /** What went wrong, as JSON. */
    static String error(@Nullable String id, AkidbException failure) {
        JsonWriter json = new JsonWriter(128).put(piece("{\"type\":\"error\""));
        if (id != null) {
            json.put(piece(",\"id\":")).value(id);
        }
        json.put(piece(",\"code\":")).value(failure.code().name());
        json.put(piece(",\"detail\":")).value(failure.detail());
        failure.field().ifPresent(field -> json.put(piece(",\"field\":")).value(field));
        return text(json.put('}'));
    }

    private static String text(JsonWriter json) {
        return new String(json.array(), 0, json.size(), StandardCharsets.UTF_8);
    }

    private static @Nullable Frame frame(String id, @Nullable List<Item> before, State state) {
        if (before == null) {
            JsonWriter json = head("result", id, state.version()).put(piece(",\"rows\":"));
            json.array(state.items(), (to, item) -> row(to.put('{'), item));
            return new Frame.Live("result", text(json.put('}')));
        }
        return change(id, before, state);
    }

    private static JsonWriter head(String type, String id, long version) {
        JsonWriter json = new JsonWriter(256).put(piece("{\"type\":")).value(type);
        return json.put(piece(",\"id\":")).value(id).put(piece(",\"version\":")).value(version);
    }

    private static void row(JsonWriter json, Item item) {
        json.put(piece("\"key\":")).value(item.key());
        json.put(piece(",\"row\":")).json(item.json()).put('}');
    }

    /** What makes one answer of another: rows that go, and rows that come, by the places that they have in the end. */
    private static @Nullable Frame change(String id, List<Item> before, State state) {
        List<Item> items = state.items();
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < before.size(); i++) {
            places.put(before.get(i).key(), i);
        }
        int[] from = new int[items.size()];
        Set<String> kept = new HashSet<>();
        for (int i = 0; i < from.length; i++) {
            Item item = items.get(i);
            kept.add(item.key());
            Integer place = places.get(item.key());
            from[i] = place != null && before.get(place).json().equals(item.json()) ? place : -1;
        }
        boolean[] stays = longestRise(from);
        List<Integer> put = new ArrayList<>();
        for (int i = 0; i < from.length; i++) {
            if (!stays[i]) {
                put.add(i);
            }
        }
        List<String> gone = before.stream()
                .map(Item::key)
                .filter(key -> !kept.contains(key))
                .toList();
        if (put.isEmpty() && gone.isEmpty()) {
            return null;
        }
        JsonWriter json =
                head("change", id, state.version()).put(piece(",\"del\":")).strings(gone);
        json.put(piece(",\"put\":")).array(put, (to, i) -> {
            to.put(piece("{\"index\":")).value(i.longValue()).put(',');
            row(to, items.get(i));
        });
        return new Frame.Live("change", text(json.put('}')));
    }

    /** Which places belong to a longest rising sequence of the numbers that are not negative: patience sorting. */
    private static boolean[] longestRise(int[] numbers) {
        int[] tails = new int[numbers.length];
        int[] previous = new int[numbers.length];
        int length = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] >= 0) {
                int low = 0;
                for (int high = length; low < high; ) {
                    int middle = (low + high) >>> 1;
                    if (numbers[tails[middle]] < numbers[i]) {
                        low = middle + 1;
                    } else {
                        high = middle;
                    }
                }
                previous[i] = low == 0 ? -1 : tails[low - 1];
                tails[low] = i;
                length = Math.max(length, low + 1);
            }
        }
        boolean[] rise = new boolean[numbers.length];
        for (int i = length == 0 ? -1 : tails[length - 1]; i >= 0; i = previous[i]) {
            rise[i] = true;
        }
        return rise;
    }
}
