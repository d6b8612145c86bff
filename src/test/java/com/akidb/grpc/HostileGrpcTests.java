package com.akidb.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.grpc.proto.embedding.EmbeddingRequest;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that speak no gRPC, or break off: the server ends their connections and serves the others. */
class HostileGrpcTests {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int RST_STREAM = 3;
    private static final int CONTINUATION = 9;
    private static final long SEED = Long.getLong("akidb.test.seed", System.nanoTime());

    private final SplittableRandom random = new SplittableRandom(SEED);
    private GrpcServerFixture server;

    @BeforeEach
    void start() throws IOException {
        server = new GrpcServerFixture();
    }

    @AfterEach
    void servesOthersStill() {
        try {
            EmbeddingRequest request =
                    EmbeddingRequest.newBuilder().addTexts("granite").build();
            assertThat(server.embeddings()
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .embed(request)
                            .getEmbeddingsCount())
                    .as("after seed %d", SEED)
                    .isEqualTo(1);
        } finally {
            server.close();
        }
    }

    @Test
    void takesAnyBytes() throws IOException {
        for (int round = 0; round < 100; round++) {
            byte[] bytes = new byte[random.nextInt(1, 400)];
            random.nextBytes(bytes);
            sendAndEnd(bytes);
        }
    }

    @Test
    void takesAnyFramesBehindAGoodStart() throws IOException {
        for (int round = 0; round < 100; round++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(PREFACE);
            bytes.write(frame(SETTINGS, 0, 0, 0));
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                bytes.write(frame(random.nextInt(12), random.nextInt(256), random.nextInt(5), random.nextInt(64)));
            }
            sendAndEnd(bytes.toByteArray());
        }
    }

    @Test
    void takesFramesThatBreakOff() throws IOException {
        for (int type : new int[] {DATA, HEADERS, SETTINGS, CONTINUATION}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(PREFACE);
            bytes.write(frame(SETTINGS, 0, 0, 0));
            byte[] broken = frame(type, 0, 1, 60);
            bytes.write(broken, 0, broken.length - 30);
            sendAndEnd(bytes.toByteArray());
        }
    }

    @Test
    void refusesAFrameLargerThanAllowed() throws IOException {
        ByteBuffer head = ByteBuffer.allocate(9);
        head.put(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, DATA, 0}).putInt(1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(PREFACE);
        bytes.write(frame(SETTINGS, 0, 0, 0));
        bytes.write(head.array());
        sendAndEnd(bytes.toByteArray());
    }

    @Test
    void refusesMessagesThatAreNone() {
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("akidb.embedding.EmbeddingService/Embed")
                .setRequestMarshaller(BytesAsTheyAre.INSTANCE)
                .setResponseMarshaller(BytesAsTheyAre.INSTANCE)
                .build();
        for (int round = 0; round < 50; round++) {
            byte[] message = new byte[random.nextInt(1, 100)];
            random.nextBytes(message);
            try {
                var unused = ClientCalls.blockingUnaryCall(
                        server.channel(), method, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), message);
            } catch (StatusRuntimeException refused) {
                assertThat(refused.getStatus().getCode())
                        .as("seed %d, round %d: %s", SEED, round, refused.getStatus())
                        .isEqualTo(Code.INVALID_ARGUMENT);
            }
        }
    }

    @Test
    void saysThatAMessageIsTooLarge() {
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> server.embeddings()
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .embed(EmbeddingRequest.newBuilder()
                                .addTexts("a".repeat(3 << 20))
                                .build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void saysThatAMessageIsTooLargeWhenItIsUnpacked() {
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> server.embeddings()
                        .withCompression("gzip")
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .embed(EmbeddingRequest.newBuilder()
                                .addTexts("a".repeat(30 << 20))
                                .build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void endsConnectionsOnWhichNothingHappens() throws IOException {
        try (GrpcServerFixture impatient = new GrpcServerFixture(new GrpcSettings(
                        10, 10, Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMinutes(10)));
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), impatient.port());
                Socket begun = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
            begun.getOutputStream().write(PREFACE);
            begun.getOutputStream().write(frame(SETTINGS, 0, 0, 0));
            for (Socket socket : new Socket[] {silent, begun}) {
                socket.setSoTimeout(40_000);
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    @Test
    void endsAConnectionThatBeginsCallsOnlyToResetThem() throws IOException {
        byte[] head = {(byte) 0x83, (byte) 0x86, 0x44, 0x01, '/', 0x41, 0x01, 'a'};
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(PREFACE);
            bytes.write(frame(SETTINGS, 0, 0, 0));
            for (int stream = 1; stream < 4 * GrpcSettings.MOST_RESETS; stream += 2) {
                bytes.write(ByteBuffer.allocate(9 + head.length)
                        .put(new byte[] {0, 0, (byte) head.length, HEADERS, 4})
                        .putInt(stream)
                        .put(head)
                        .array());
                bytes.write(ByteBuffer.allocate(13)
                        .put(new byte[] {0, 0, 4, RST_STREAM, 0})
                        .putInt(stream)
                        .putInt(8)
                        .array());
            }
            socket.getOutputStream().write(bytes.toByteArray());
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageMatching("(?s).*(reset|pipe|closed|abort).*");
        }
    }

    /** A frame of random content. */
    private byte[] frame(int type, int flags, int stream, int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return ByteBuffer.allocate(9 + length)
                .put((byte) 0)
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(content)
                .array();
    }

    /** Sends bytes, says that there will be no more, and waits until the server has ended the connection. */
    private void sendAndEnd(byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (java.net.SocketTimeoutException open) {
            Assertions.fail("The server keeps a connection of seed " + SEED, open);
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageMatching("(?s).*(reset|pipe|closed|abort).*");
        }
    }

    /** Leaves messages alone. */
    private enum BytesAsTheyAre implements MethodDescriptor.Marshaller<byte[]> {
        INSTANCE;

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
