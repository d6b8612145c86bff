package com.akidb.http.server;

import com.akidb.security.Scope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The routes as a tree of path segments. A pattern such as <code>/collections/{collection}/documents</code> has literal
 * segments and variables; <code>{*rest}</code> at its end takes all segments that are left, slashes included. No
 * route can be added without saying which scope of an API key it needs, or that it is open to everybody.
 */
public final class RouteTable {

    private final Node root = new Node();
    private final List<String> routes = new ArrayList<>();

    /** A place in the tree that may end a path. */
    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private final Map<String, Route> byMethod = new TreeMap<>();
        private @Nullable Node variable;
        private @Nullable Node rest;
        private String pattern = "";
    }

    /**
     * What a path leads to.
     *
     * @param pattern the route, as metrics name it
     * @param byMethod what answers there
     * @param variables decoded, in order
     */
    public record Match(String pattern, Map<String, Route> byMethod, List<String> variables) {

        /** What answers a method there; null if nothing does. HEAD is answered as GET is. */
        @Nullable
        public Route route(String method) {
            return byMethod.get(method.equals("HEAD") ? "GET" : method);
        }
    }

    /**
     * What answers one method at one pattern.
     *
     * @param endpoint null if a mapping of the framework leads to it
     * @param scope what an API key must be allowed to do for it; null if nobody needs a key
     */
    public record Route(
            @Nullable Endpoint endpoint, @Nullable Scope scope) {

        /** Whether its endpoint takes or gives something beside the usual. */
        public boolean has(Endpoint.Extra extra) {
            return endpoint != null && endpoint.extras().contains(extra);
        }
    }

    /** Adds a route that needs a key with this scope, where keys are needed at all. */
    public RouteTable add(String method, String pattern, Scope scope, Endpoint endpoint) {
        return add(method, pattern, new Route(endpoint, scope));
    }

    /** Adds a route that shows nothing of anybody's data, so that nobody needs a key for it. */
    public RouteTable addOpen(String method, String pattern, Endpoint endpoint) {
        return add(method, pattern, new Route(endpoint, null));
    }

    /**
     * Adds a route that a mapping of the framework leads to, not this table.
     *
     * @param scope null if nobody needs a key
     */
    RouteTable addOther(String method, String pattern, @Nullable Scope scope) {
        return add(method, pattern, new Route(null, scope));
    }

    private RouteTable add(String method, String pattern, Route route) {
        Node node = root;
        for (String segment : pattern.substring(1).split("/", -1)) {
            if (segment.startsWith("{*")) {
                node = node.rest == null ? node.rest = new Node() : node.rest;
            } else if (segment.startsWith("{")) {
                node = node.variable == null ? node.variable = new Node() : node.variable;
            } else {
                node = node.literals.computeIfAbsent(segment, s -> new Node());
            }
        }
        node.pattern = pattern;
        if (node.byMethod.put(method, route) != null) {
            throw new IllegalStateException("Two routes for " + method + " " + pattern);
        }
        routes.add(method + " " + pattern);
        return this;
    }

    /** All routes as method and pattern, in the order in which they were added. */
    public List<String> routes() {
        return List.copyOf(routes);
    }

    /** Finds what a raw path, percent-encoded as it came, leads to; null if it leads nowhere. */
    @Nullable
    public Match find(String rawPath) {
        Node node = root;
        List<String> variables = new ArrayList<>(2);
        int start = 1;
        while (start <= rawPath.length()) {
            int slash = rawPath.indexOf('/', start);
            int end = slash < 0 ? rawPath.length() : slash;
            String segment = rawPath.substring(start, end);
            Node next = node.literals.get(segment);
            if (next == null && node.variable != null && !segment.isEmpty()) {
                next = node.variable;
                variables.add(decode(segment));
            }
            if (next == null && node.rest != null && !segment.isEmpty()) {
                variables.add(decode(rawPath.substring(start)));
                next = node.rest;
                end = rawPath.length();
            }
            if (next == null) {
                return null;
            }
            node = next;
            start = end + 1;
        }
        return node.byMethod.isEmpty() ? null : new Match(node.pattern, node.byMethod, variables);
    }

    private static String decode(String segment) {
        return segment.indexOf('%') < 0 ? segment : StringUtils.uriDecode(segment, StandardCharsets.UTF_8);
    }
}
