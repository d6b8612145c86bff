package com.akidb.grpc;

import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.grpc.server.ShadedNettyGrpcServerFactory;

/**
 * The gRPC server with TLS 1.3 and nothing else. Spring's own has no choice of protocols, and keeps the certificate that
 * it began with; this one takes what its SSL bundle has when a connection is made, trust store included.
 */
final class TlsGrpcServer extends ShadedNettyGrpcServerFactory {

    private static final String PROTOCOL = "TLSv1.3";

    private final ServerCredentials credentials;

    /** @param clients whether clients show a certificate, which the bundle's trust store must know */
    TlsGrpcServer(
            String address,
            List<ServerBuilderCustomizer<NettyServerBuilder>> customizers,
            SslBundles bundles,
            String bundle,
            ClientAuth clients) {
        super(address, customizers, null, null, null);
        AtomicReference<SslContext> current = new AtomicReference<>(context(bundles.getBundle(bundle), clients));
        bundles.addBundleUpdateHandler(bundle, changed -> current.set(context(changed, clients)));
        this.credentials = NettySslContextServerCredentials.create(new CurrentSslContext(current::get));
    }

    private static SslContext context(SslBundle bundle, ClientAuth clients) {
        try {
            return GrpcSslContexts.configure(
                            SslContextBuilder.forServer(bundle.getManagers().getKeyManagerFactory()))
                    .trustManager(bundle.getManagers().getTrustManagerFactory())
                    .clientAuth(clients)
                    .protocols(PROTOCOL)
                    .build();
        } catch (SSLException unusable) {
            throw new IllegalStateException("The certificate of the gRPC server cannot be used", unusable);
        }
    }

    @Override
    protected ServerCredentials credentials() {
        return credentials;
    }

    /** Stands for the SSL context that is current, so that new connections get the newest certificate. */
    private static final class CurrentSslContext extends SslContext {

        private final Supplier<SslContext> current;

        CurrentSslContext(Supplier<SslContext> current) {
            this.current = current;
        }

        @Override
        public boolean isClient() {
            return false;
        }

        @Override
        public List<String> cipherSuites() {
            return current.get().cipherSuites();
        }

        @Override
        public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
            return current.get().applicationProtocolNegotiator();
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator) {
            return current.get().newEngine(allocator);
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
            return current.get().newEngine(allocator, peerHost, peerPort);
        }

        @Override
        public SSLSessionContext sessionContext() {
            return current.get().sessionContext();
        }
    }
}
