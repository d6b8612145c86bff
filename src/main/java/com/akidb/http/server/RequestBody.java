package com.akidb.http.server;

import com.akidb.error.ErrorCode;
import com.akidb.error.TooLargeException;
import com.akidb.memory.RequestMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/**
 * A request's body. What comes after its first {@value #SMALL} bytes lies outside the heap until somebody reads it: large
 * arrays that live for long are moved into the old generation, and it takes a full collection to get rid of them.
 */
final class RequestBody {

    static final RequestBody NONE = new RequestBody(new byte[0]);

    /** Bodies up to this size are read on the event loop, where that takes less than handing them over. */
    static final int SMALL = 64 * 1024;

    private static final int LARGEST_PART = 1 << 20;

    private byte[] bytes;
    private int inBytes;
    private final Deque<ByteBuf> rest = new ArrayDeque<>();
    private int length;
    private boolean isClosed;

    private RequestBody(byte[] bytes) {
        this.bytes = bytes;
    }

    synchronized int length() {
        return length;
    }

    /**
     * All of it; only the first {@link #length} bytes count.
     *
     * @throws CancellationException if the request was answered meanwhile, or is gone
     */
    synchronized byte[] bytes() {
        if (isClosed) {
            throw new CancellationException("Nobody waits for what the body asks for");
        }
        if (!rest.isEmpty()) {
            byte[] whole = Arrays.copyOf(bytes, length);
            for (ByteBuf part = rest.poll(); part != null; part = rest.poll()) {
                int more = part.readableBytes();
                part.readBytes(whole, inBytes, more).release();
                inBytes += more;
            }
            bytes = whole;
        }
        return bytes;
    }

    private synchronized void add(ByteBuf more) {
        if (rest.isEmpty() && length + more.readableBytes() <= SMALL) {
            if (length + more.readableBytes() > bytes.length) {
                bytes = Arrays.copyOf(
                        bytes, Math.min(SMALL, Math.max(bytes.length * 2, length + more.readableBytes())));
            }
            int count = more.readableBytes();
            more.readBytes(bytes, length, count);
            length += count;
            inBytes = length;
            return;
        }
        while (more.isReadable()) {
            ByteBuf last = rest.peekLast();
            if (last == null || !last.isWritable()) {
                int size = Math.clamp(length, SMALL, LARGEST_PART);
                last = UnpooledByteBufAllocator.DEFAULT.directBuffer(size, size);
                rest.add(last);
            }
            int count = Math.min(last.writableBytes(), more.readableBytes());
            last.writeBytes(more, count);
            length += count;
        }
    }

    private synchronized void close() {
        isClosed = true;
        rest.forEach(ByteBuf::release);
        rest.clear();
    }

    /** Gathers a request's body as it comes, within the limit of one body and of all bodies together. */
    static final class Collector {

        private static final int FIRST_GUESS = 4096;

        /** Bodies above this size are worked on by turns, in bytes. */
        private static final int LARGE = 1 << 20;

        /** Whoever takes longer than this waits for something else, a model or the disk, that has a queue of its own. */
        private static final Duration LONGEST_TURN = Duration.ofSeconds(1);

        private final int limit;
        private final RequestMemory memory;
        private final RequestBody body;
        private Turns.@Nullable Turn turn;

        /**
         * @param limit most bytes
         * @param declared the Content-Length, or -1
         * @throws com.akidb.error.OverloadedException if the bodies of others leave no room for one of that length
         */
        Collector(int limit, long declared, Admission admission) {
            this.limit = limit;
            if (declared > limit) {
                throw tooLarge(limit);
            }
            this.memory = admission.body(declared);
            this.body = new RequestBody(new byte[(int) Math.min(declared < 0 ? FIRST_GUESS : declared, SMALL)]);
        }

        /** Copies and releases a buffer. */
        void add(DataBuffer buffer) {
            try {
                int more = buffer.readableByteCount();
                if (more > limit - body.length()) {
                    throw tooLarge(limit);
                }
                memory.take(more);
                body.add(NettyDataBufferFactory.toByteBuf(buffer));
            } finally {
                DataBufferUtils.release(buffer);
            }
        }

        RequestBody body() {
            return body;
        }

        /** Whether it has to wait for its turn. */
        boolean isLarge() {
            return body.length() > LARGE;
        }

        /** Waits for its turn, which lasts until this is closed, or for a second; completes on the event loop. */
        CompletableFuture<Void> turn(Turns turns, EventLoop loop) {
            Turns.Turn mine = turns.take(body.length());
            turn = mine;
            return mine.begun()
                    .thenAcceptAsync(
                            begun -> {
                                var end = loop.schedule(mine::close, LONGEST_TURN.toMillis(), TimeUnit.MILLISECONDS);
                            },
                            loop);
        }

        /** Gives back the memory; called once, when the request is answered or gone. */
        void close() {
            body.close();
            memory.close();
            if (turn != null) {
                turn.close();
            }
        }

        private static TooLargeException tooLarge(int limit) {
            return new TooLargeException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "The request's body is larger than " + limit + " bytes");
        }
    }
}
