package com.akidb.http.server;

import com.akidb.http.AddressRange;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import reactor.netty.http.server.ConnectionInfo;

/**
 * Believes what proxies say of the client in front of them, if they connect from an address that the operator named:
 * {@code X-Forwarded-For} (whose address the audit log has), {@code X-Forwarded-Proto} and {@code X-Forwarded-Host} (by
 * which a page's origin is told from others). What anybody else sends under these names means nothing, whatever platform
 * the server finds itself on; no header moves a path.
 */
final class TrustedProxies implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered {

    private final List<AddressRange> trusted;

    TrustedProxies(List<AddressRange> trusted) {
        this.trusted = trusted;
    }

    /** Behind Spring Boot's own, which trusts everybody where it finds Kubernetes' environment variables. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.setUseForwardHeaders(false);
        if (!trusted.isEmpty()) {
            factory.addServerCustomizers(server -> server.forwarded(this::believe));
        }
    }

    private ConnectionInfo believe(ConnectionInfo info, HttpRequest request) {
        InetSocketAddress remote = info.getRemoteAddress();
        if (remote == null || !isTrusted(remote.getAddress())) {
            return info;
        }
        HttpHeaders headers = request.headers();
        ConnectionInfo seen = info;
        String scheme = last(headers, "X-Forwarded-Proto");
        if (scheme != null && (scheme.equals("http") || scheme.equals("https"))) {
            seen = seen.withScheme(scheme);
        }
        seen = withHost(seen, last(headers, "X-Forwarded-Host"));
        InetAddress client = client(values(headers, "X-Forwarded-For"));
        return client == null ? seen : seen.withRemoteAddress(new InetSocketAddress(client, 0));
    }

    private static ConnectionInfo withHost(ConnectionInfo info, @Nullable String host) {
        InetSocketAddress here = info.getHostAddress();
        if (host == null || here == null || !host.matches("[A-Za-z0-9._-]+(:\\d{1,5})?")) {
            return info;
        }
        int colon = host.indexOf(':');
        String name = colon < 0 ? host : host.substring(0, colon);
        int port = colon < 0
                ? (info.getScheme().equals("https") ? 443 : 80)
                : Math.min(65_535, Integer.parseInt(host.substring(colon + 1)));
        return info.withHostAddress(here, name, port);
    }

    /** The last address that is no proxy of ours: what stands before it may have been written by anybody. */
    private @Nullable InetAddress client(List<String> chain) {
        InetAddress client = null;
        for (String each : chain.reversed()) {
            byte[] bytes = NetUtil.createByteArrayFromIpAddressString(withoutPort(each));
            if (bytes == null) {
                return client;
            }
            client = AddressRange.address(bytes);
            if (!isTrusted(client)) {
                return client;
            }
        }
        return client;
    }

    private static String withoutPort(String address) {
        if (address.startsWith("[")) {
            return address.substring(1, Math.max(1, address.indexOf(']')));
        }
        int colon = address.indexOf(':');
        return colon >= 0 && colon == address.lastIndexOf(':') ? address.substring(0, colon) : address;
    }

    private boolean isTrusted(@Nullable InetAddress address) {
        return trusted.stream().anyMatch(range -> range.contains(address));
    }

    private static @Nullable String last(HttpHeaders headers, String name) {
        List<String> values = values(headers, name);
        return values.isEmpty() ? null : values.getLast();
    }

    private static List<String> values(HttpHeaders headers, String name) {
        List<String> values = new ArrayList<>();
        for (String line : headers.getAll(name)) {
            for (String each : line.split(",")) {
                if (!each.isBlank()) {
                    values.add(each.strip());
                }
            }
        }
        return values;
    }
}
