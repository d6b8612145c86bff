package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.collection.ListCollectionsRequest;
import com.akidb.security.ApiKeys;
import com.akidb.security.Scope;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** The whole server with API keys and a real certificate, and real clients on both ports. */
class E2eTlsTest {

    private static final String HERE = "ip:127.0.0.1,dns:localhost";

    @TempDir
    private Path directory;

    private TestCertificate.Authority authority;
    private TestCertificate certificate;
    private String key;
    private ReactiveWebServerApplicationContext server;

    @BeforeEach
    void start() throws Exception {
        authority = TestCertificate.Authority.make(directory);
        certificate = authority.issue(HERE, "-1d", 30);
        present(certificate);
        key = new ApiKeys(directory.resolve("data"), InstantSource.system())
                .create("reader", Set.of(Scope.READ), null, null)
                .text();
        server = (ReactiveWebServerApplicationContext) new SpringApplicationBuilder(AkidbApplication.class)
                .run(
                        "--server.address=0.0.0.0",
                        "--server.port=0",
                        "--spring.grpc.server.address=0.0.0.0",
                        "--spring.grpc.server.port=0",
                        "--akidb.data-dir=" + directory.resolve("data"),
                        "--akidb.security.tls.certificate=" + directory.resolve("cert.pem"),
                        "--akidb.security.tls.private-key=" + directory.resolve("key.pem"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void present(TestCertificate next) throws IOException, GeneralSecurityException {
        next.writeTo(directory.resolve("cert.pem"), directory.resolve("key.pem"));
    }

    private int restPort() {
        return Objects.requireNonNull(server.getWebServer()).getPort();
    }

    private int grpcPort() {
        return server.getBean(GrpcServerLifecycle.class).getPort();
    }

    private static SSLContext trusting(Certificate certificate) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("server", certificate);
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private int get(Certificate trusted) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(trusting(trusted)).build()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + restPort() + "/collections"))
                                    .header("X-API-Key", key)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private Status call(Certificate trusted) throws Exception {
        var pem = new ByteArrayInputStream(("-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(trusted.getEncoded())
                        + "\n-----END CERTIFICATE-----\n")
                .getBytes(StandardCharsets.US_ASCII));
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort())
                .sslContext(GrpcSslContexts.forClient().trustManager(pem).build())
                .build();
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
        try {
            CollectionServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .listCollections(ListCollectionsRequest.getDefaultInstance());
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        } finally {
            channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void servesBothPortsToWhoTrustsItsCertificateAndSpeaksNoOlderProtocol() throws Exception {
        assertThat(get(authority.certificate())).isEqualTo(200);
        assertThat(call(authority.certificate())).isEqualTo(Status.OK);

        Certificate stranger = TestCertificate.Authority.make(directory).certificate();
        assertThatThrownBy(() -> get(stranger)).isInstanceOf(SSLHandshakeException.class);
        assertThat(call(stranger).getCode()).isEqualTo(Status.Code.UNAVAILABLE);

        for (int port : new int[] {restPort(), grpcPort()}) {
            assertThat(shown(port, "TLSv1.3")).isEqualTo(certificate.certificate());
            assertThatThrownBy(() -> shown(port, "TLSv1.2")).isInstanceOf(SSLHandshakeException.class);
        }
    }

    /** The certificate that a new connection is shown. */
    private Certificate shown(int port, String protocol) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) trusting(authority.certificate()).getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void showsNewConnectionsANewCertificateWithoutARestart() throws Exception {
        TestCertificate next = authority.issue(HERE, "-1d", 60);
        present(next);

        for (int port : new int[] {restPort(), grpcPort()}) {
            until(() -> shown(port, "TLSv1.3").equals(next.certificate()));
        }
        assertThat(get(authority.certificate())).isEqualTo(200);
        assertThat(call(authority.certificate())).isEqualTo(Status.OK);
    }

    @Test
    void isRefusedByClientsWhileItsCertificateIsTooOldOrForAnotherHost() throws Exception {
        for (TestCertificate wrong :
                new TestCertificate[] {authority.issue(HERE, "-10d", 5), authority.issue("dns:other.example", "-1d", 30)
                }) {
            present(wrong);
            until(() ->
                    isRefusedByRestClients() && call(authority.certificate()).getCode() == Status.Code.UNAVAILABLE);

            present(certificate);
            until(() ->
                    !isRefusedByRestClients() && call(authority.certificate()).isOk());
        }
    }

    private boolean isRefusedByRestClients() throws Exception {
        try {
            return get(authority.certificate()) != 200;
        } catch (SSLHandshakeException refused) {
            return true;
        }
    }

    private static void until(Callable<Boolean> state) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!state.call()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
        }
    }
}
