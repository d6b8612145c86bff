package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.collection.ListCollectionsRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** The whole server with a bundle whose trust store says which clients may connect, and real clients on both ports. */
class E2eClientCertificateTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path directory;

    private TestCertificate.Authority authority;
    private ReactiveWebServerApplicationContext server;

    @BeforeEach
    void start() throws Exception {
        authority = TestCertificate.Authority.make(directory);
        Path ca = Files.writeString(directory.resolve("ca.pem"), TestCertificate.pem(authority.certificate()));
        authority.issue("ip:127.0.0.1", "-1d", 30).writeTo(directory.resolve("cert.pem"), directory.resolve("key.pem"));
        String bundle = "--spring.ssl.bundle.pem.mutual.";
        server = (ReactiveWebServerApplicationContext) new SpringApplicationBuilder(AkidbApplication.class)
                .run(
                        "--server.port=0",
                        "--spring.grpc.server.port=0",
                        "--akidb.data-dir=" + directory.resolve("data"),
                        bundle + "keystore.certificate=file:" + directory.resolve("cert.pem"),
                        bundle + "keystore.private-key=file:" + directory.resolve("key.pem"),
                        bundle + "truststore.certificate=file:" + ca,
                        bundle + "options.enabled-protocols=TLSv1.3",
                        "--server.ssl.bundle=mutual",
                        "--spring.grpc.server.ssl.bundle=mutual",
                        "--server.ssl.client-auth=need");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void letsOnlyClientsConnectWhoseCertificateItsTrustStoreKnows() throws Exception {
        TestCertificate client = authority.issue("dns:client", "-1d", 30);
        TestCertificate stranger = TestCertificate.Authority.make(directory).issue("dns:client", "-1d", 30);
        TestCertificate expired = authority.issue("dns:client", "-10d", 5);

        assertThat(get(client)).isEqualTo(200);
        assertThat(call(client)).isEqualTo(Status.OK);
        for (TestCertificate wrong : new @Nullable TestCertificate[] {null, stranger, expired}) {
            assertThatThrownBy(() -> get(wrong)).isInstanceOf(IOException.class);
            assertThat(call(wrong).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    private int get(@Nullable TestCertificate client) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManager[] keys = null;
        if (client != null) {
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(client.store(PASSWORD), PASSWORD);
            keys = own.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        int port = Objects.requireNonNull(server.getWebServer()).getPort();
        try (HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/collections"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private Status call(@Nullable TestCertificate client) throws Exception {
        var context = GrpcSslContexts.forClient()
                .trustManager(directory.resolve("ca.pem").toFile());
        if (client != null) {
            Path certificate = directory.resolve("client.pem");
            Path key = directory.resolve("client-key.pem");
            client.writeTo(certificate, key);
            context.keyManager(certificate.toFile(), key.toFile());
        }
        int port = server.getBean(GrpcServerLifecycle.class).getPort();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .sslContext(context.build())
                .build();
        try {
            CollectionServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .listCollections(ListCollectionsRequest.getDefaultInstance());
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        } finally {
            channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
        }
    }
}
