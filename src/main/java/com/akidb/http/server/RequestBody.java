package com.akidb.http.server;

import com.akidb.error.ErrorCode;
import com.akidb.error.TooLargeException;
import com.akidb.memory.RequestMemory;
import java.util.Arrays;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * A request's body.
 *
 * @param bytes only the first {@code length} count
 */
record RequestBody(byte[] bytes, int length) {

    static final RequestBody NONE = new RequestBody(new byte[0], 0);

    /** Gathers a request's body as it comes, within the limit of one body and of all bodies together. */
    static final class Collector {

        private static final int FIRST_GUESS = 64 * 1024;

        private final int limit;
        private final RequestMemory memory;
        private byte[] bytes;
        private int length;

        /**
         * @param limit most bytes
         * @param declared the Content-Length, or -1
         */
        Collector(int limit, long declared, Admission admission) {
            this.limit = limit;
            this.memory = admission.body();
            if (declared > limit) {
                throw tooLarge(limit);
            }
            this.bytes = new byte[(int) Math.min(declared < 0 ? 4096 : declared, FIRST_GUESS)];
        }

        /** Copies and releases a buffer. */
        void add(DataBuffer buffer) {
            try {
                int more = buffer.readableByteCount();
                if (more > limit - length) {
                    throw tooLarge(limit);
                }
                memory.take(more);
                if (more > bytes.length - length) {
                    bytes = Arrays.copyOf(bytes, (int)
                            Math.min(limit, Math.max(bytes.length * 2L, length + (long) more)));
                }
                buffer.read(bytes, length, more);
                length += more;
            } finally {
                DataBufferUtils.release(buffer);
            }
        }

        RequestBody body() {
            return new RequestBody(bytes, length);
        }

        /** Gives back the memory; called once, when the request is answered or gone. */
        void close() {
            memory.close();
        }

        private static TooLargeException tooLarge(int limit) {
            return new TooLargeException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "The request's body is larger than " + limit + " bytes");
        }
    }
}
