package com.akidb.http.server;

import com.akidb.error.ForbiddenException;
import com.akidb.http.AddressRange;
import com.akidb.security.Gate;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Refuses requests that are not meant for this server. Every request names one host (RFC 9112, 3.2). While no keys are
 * needed the name must be one of this server's: a page of a stranger can have its own name resolved to 127.0.0.1 and
 * would pass for a page of this server (DNS rebinding).
 */
final class HostCheck implements EntryCheck {

    private final Gate gate;
    private final String bindAddress;
    private final Set<String> allowed = new HashSet<>();

    /**
     * A check.
     *
     * @param bindAddress where the server listens; empty for all addresses of this machine
     * @param allowed further names under which the server is known
     */
    HostCheck(Gate gate, String bindAddress, List<String> allowed) {
        this.gate = gate;
        this.bindAddress = bindAddress.toLowerCase(Locale.ROOT);
        allowed.forEach(name -> this.allowed.add(name.toLowerCase(Locale.ROOT)));
    }

    /** Behind the id of the request, ahead of all that answers. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 50;
    }

    @Override
    public void check(ServerWebExchange exchange) {
        HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        List<String> hosts = exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.HOST);
        if (hosts.isEmpty() && request.version().equals(HttpVersion.HTTP_1_0)) {
            return; // That version has no such header, and no browser speaks it.
        }
        if (hosts.size() != 1) {
            throw HttpFailure.badHost();
        }
        String name = name(hosts.getFirst());
        if (name.isEmpty()) {
            throw HttpFailure.badHost();
        }
        if (!gate.needsKeys() && !isOurs(name)) {
            throw new ForbiddenException("This server does not answer to the host name of this request;"
                    + " without API keys it answers to localhost, to its address, and to the names in"
                    + " akidb.http.allowed-hosts");
        }
    }

    /** The name without the port, an IPv6 address without its brackets; empty if it is not one. */
    private static String name(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end > 0 && isPort(host.substring(end + 1)) ? host.substring(1, end) : "";
        }
        int colon = host.indexOf(':');
        if (colon < 0) {
            return host.toLowerCase(Locale.ROOT);
        }
        return isPort(host.substring(colon)) ? host.substring(0, colon).toLowerCase(Locale.ROOT) : "";
    }

    private static boolean isPort(String text) {
        return text.isEmpty() || text.charAt(0) == ':' && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
    }

    private boolean isOurs(String name) {
        if (name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals(bindAddress)
                || allowed.contains(name)
                || allowed.contains("*")) {
            return true;
        }
        // No number can be made to resolve to another one.
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(name);
        return literal != null
                && (isEveryAddress() || AddressRange.address(literal).isLoopbackAddress());
    }

    private boolean isEveryAddress() {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(bindAddress);
        return bindAddress.isEmpty()
                || literal != null && AddressRange.address(literal).isAnyLocalAddress();
    }
}
