package com.akidb.http.server;

import com.akidb.account.Account;
import com.akidb.account.Rights;
import com.akidb.concurrent.Patience;
import com.akidb.error.DeadlineExceededException;
import com.akidb.http.arrow.ArrowStream;
import com.akidb.http.json.JsonReader;
import com.akidb.http.server.KeyFilter.RequestFacts;
import com.akidb.memory.RequestMemory;
import com.akidb.security.Caller;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One request on its way through an endpoint.
 *
 * @param variables the values of the route's path variables, decoded, in order
 * @param body its bytes, empty if the route takes none
 * @param deadline when its time is over, by {@link System#nanoTime}
 * @param loop the event loop of its connection
 * @param memory that is held for its answer
 */
public record Call(
        ServerWebExchange exchange,
        List<String> variables,
        RequestBody body,
        Duration timeout,
        long deadline,
        EventLoop loop,
        Offload offload,
        RequestMemory memory) {

    /** A path variable by its position in the route. */
    public String variable(int position) {
        return variables.get(position);
    }

    public QueryParameters query(String... known) {
        return QueryParameters.of(exchange.getRequest(), known);
    }

    public boolean hasBody() {
        return body.length() > 0;
    }

    /** A reader at the beginning of the body. */
    public JsonReader json() {
        return new JsonReader(body.bytes(), body.length());
    }

    /** The rows of a body that {@link MediaTypes#isArrow}; messages call them by the name. */
    public ArrowStream arrow(String name) {
        return new ArrowStream(body.bytes(), body.length(), name);
    }

    /** The account that this request's texts and rows are charged to. */
    public Account account() {
        RequestFacts facts = RequestFacts.of(exchange);
        return facts == null ? Account.SERVER : facts.account();
    }

    /** What of the data whoever makes this request may see and change. */
    public Rights rights() {
        return account().rights();
    }

    /** Who makes this request; {@link Caller#ANONYMOUS} where no key is needed. */
    public Caller caller() {
        RequestFacts facts = RequestFacts.of(exchange);
        return facts == null ? Caller.ANONYMOUS : facts.caller();
    }

    /** Tells the audit log which table or collection this is about, where the path does not. */
    public void concerns(String name) {
        RequestFacts facts = RequestFacts.of(exchange);
        if (facts != null) {
            facts.concerns(name);
        }
    }

    /** Ends the connection, whatever is on its way. */
    public void disconnect() {
        RestHandler.connection(exchange).channel().close();
    }

    /** The time that is left, at least a millisecond. */
    public Duration timeLeft() {
        return Duration.ofNanos(Math.max(TimeUnit.MILLISECONDS.toNanos(1), deadline - System.nanoTime()));
    }

    /** Runs what may touch the disk on a thread that may block, and renders there. */
    public <T, R extends Reply> Mono<R> blocking(Supplier<T> work, Function<T, R> render) {
        return answer(() -> offload.supply(() -> render.apply(work.get())), reply -> reply);
    }

    /**
     * Starts work and waits for it without a thread, then renders on the event loop, or away from it if the answer is large. The work's future is cancelled when
     * the client goes away or the time is over; nothing is started for a client that has gone already.
     */
    public <T, R extends Reply> Mono<R> answer(Supplier<CompletableFuture<T>> work, Function<T, R> render) {
        return Mono.create(sink -> {
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<T> future = start(work, () -> over.get() || System.nanoTime() - deadline >= 0);
            if (future.isDone() && loop.inEventLoop()) {
                future.whenComplete((value, failure) -> finish(value, failure, render, sink));
            } else {
                await(future, over, render, sink);
            }
        });
    }

    /**
     * As {@link #answer}, for work that writes: if the request has an Idempotency-Key, the answer is kept in the commit of
     * what it writes.
     *
     * @param render called by the thread that writes as well, and then with what the work gives
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // The outcome that is kept is the work's, null for those without one.
    public <T> Mono<Answer> write(Supplier<CompletableFuture<T>> work, Function<T, Answer> render) {
        RequestFacts facts = RequestFacts.of(exchange);
        if (facts != null) {
            facts.answers(outcome -> KeptAnswer.bytes(render.apply((T) outcome)));
        }
        return answer(work, render);
    }

    private <T> CompletableFuture<T> start(Supplier<CompletableFuture<T>> work, BooleanSupplier isOver) {
        try (MDC.MDCCloseable ignored = MDC.putCloseable(RequestIds.LOG_KEY, RequestIds.of(exchange))) {
            return Patience.during(isOver, () -> memory.during(work));
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private <T, R extends Reply> void await(
            CompletableFuture<T> future, AtomicBoolean over, Function<T, R> render, MonoSink<R> sink) {
        Future<?> timer = loop.schedule(
                () -> {
                    over.set(true);
                    future.cancel(true);
                    sink.error(late());
                },
                deadline - System.nanoTime(),
                TimeUnit.NANOSECONDS);
        sink.onCancel(() -> {
            timer.cancel(false);
            over.set(true);
            future.cancel(true);
        });
        future.whenCompleteAsync(
                (value, failure) -> {
                    timer.cancel(false);
                    if (failure == null && memory.isLarge()) {
                        offload.run(() -> finish(value, null, render, sink));
                    } else {
                        finish(value, failure, render, sink);
                    }
                },
                loop);
    }

    private static <T, R extends Reply> void finish(
            T value, @Nullable Throwable failure, Function<T, R> render, MonoSink<R> sink) {
        if (failure != null) {
            sink.error(failure);
            return;
        }
        R reply;
        try {
            reply = render.apply(value);
        } catch (RuntimeException | Error e) {
            // An error as well: the future that runs this would keep it to itself, and the client would wait for ever.
            sink.error(e);
            return;
        }
        sink.success(reply);
    }

    /** Runs an endpoint away from the event loop. */
    Mono<? extends Reply> detached(Supplier<Mono<? extends Reply>> endpoint) {
        return Mono.fromFuture(() -> offload.supply(endpoint)).flatMap(answer -> answer);
    }

    /** Says that the request's time is over. */
    DeadlineExceededException late() {
        return new DeadlineExceededException(
                "The request's time of " + timeout.toMillis() + " ms is over; X-Request-Timeout gives it more");
    }
}
