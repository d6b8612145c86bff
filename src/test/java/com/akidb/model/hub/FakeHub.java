package com.akidb.model.hub;

import com.akidb.model.HubSettings;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A hub with the protocol of the real one: large files are redirected to a store on another address, small ones to
 * another path of its own; entity tags, sizes and commits stand in headers; the store knows ranges. What goes wrong, and
 * when, is said beforehand: each request for content takes the next fault, if one waits.
 */
public final class FakeHub implements AutoCloseable {

    public static final String REPOSITORY = "owner/small-model";
    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private static final int LARGE = 1000;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer hub = server("127.0.0.1");
    private final HttpServer store = server("127.0.0.1");
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile String requiredToken = "";

    /** One request as it came. */
    public record Request(String server, String method, String path, String range, String authorization) {}

    /** Answers a request for content in place of the store; says whether it did. */
    @FunctionalInterface
    public interface Fault {
        void answer(HttpExchange exchange, byte[] content) throws IOException;
    }

    public FakeHub() {
        hub.createContext("/", exchange -> handle("hub", exchange));
        store.createContext("/", exchange -> handle("store", exchange));
        hub.start();
        store.start();
    }

    /** Puts a file into the repository. */
    public FakeHub with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    /** Lets the next request for content meet a fault. */
    public FakeHub failing(Fault fault) {
        faults.add(fault);
        return this;
    }

    /** Gives the repository only to those who have the token. */
    public FakeHub gated(String token) {
        requiredToken = token;
        return this;
    }

    public String endpoint() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Requests to the store. */
    public List<Request> fetches() {
        return requests.stream()
                .filter(request -> request.server().equals("store"))
                .toList();
    }

    /** Settings of a client that is in a hurry. */
    public static HubSettings settings(String endpoint, Path home) {
        return new HubSettings(
                URI.create(endpoint), "", home, Duration.ofSeconds(5), Duration.ofSeconds(5), 3, Duration.ofMillis(1));
    }

    /** Sends some bytes of what was asked for and breaks the connection. */
    public static Fault cutAfter(int bytes) {
        return (exchange, content) -> {
            int from = rangeStart(exchange);
            if (from > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            }
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
            exchange.getResponseBody().write(content, from, bytes);
            exchange.getResponseBody().flush();
            exchange.close();
        };
    }

    /** Sends everything, whatever range was asked for. */
    public static Fault ignoringRange() {
        return (exchange, content) -> send(exchange, 200, content);
    }

    /** Sends other content of the same length. */
    public static Fault damaged() {
        return (exchange, content) -> send(exchange, 200, new byte[content.length]);
    }

    /** Answers with a status and a header. */
    public static Fault status(int status, String header, String value) {
        return (exchange, content) -> {
            exchange.getResponseHeaders().set(header, value);
            send(exchange, status, new byte[0]);
        };
    }

    /** Sends some bytes and then nothing, for as long as the hub is open. */
    public Fault stallingAfter(int bytes) {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, bytes);
            exchange.getResponseBody().flush();
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private void handle(String server, HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Headers headers = exchange.getRequestHeaders();
            requests.add(new Request(
                    server,
                    exchange.getRequestMethod(),
                    path,
                    String.valueOf(headers.getFirst("Range")),
                    String.valueOf(headers.getFirst("Authorization"))));
            if (server.equals("store")) {
                content(exchange, files.getOrDefault(path.substring(1), new byte[0]));
            } else if (path.startsWith("/cache/")) {
                byte[] content = files.getOrDefault(path.substring("/cache/".length()), new byte[0]);
                describe(exchange.getResponseHeaders(), "", content);
                content(exchange, content);
            } else {
                resolve(exchange, path);
            }
        }
    }

    private void resolve(HttpExchange exchange, String path) throws IOException {
        Headers answer = exchange.getResponseHeaders();
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String begin = "/" + REPOSITORY + "/resolve/";
        if (!path.startsWith(begin)) {
            answer.set("X-Error-Code", "RepoNotFound");
            send(exchange, 404, new byte[0]);
            return;
        }
        if (!requiredToken.isEmpty() && !authorization.equals("Bearer " + requiredToken)) {
            answer.set("X-Error-Code", "GatedRepo");
            send(exchange, authorization.equals("null") ? 401 : 403, new byte[0]);
            return;
        }
        String revision = path.substring(begin.length(), path.indexOf('/', begin.length()));
        String file = path.substring(begin.length() + revision.length() + 1);
        byte[] content = files.get(file);
        if (content == null || !List.of("main", COMMIT).contains(revision)) {
            answer.set("X-Error-Code", content == null ? "EntryNotFound" : "RevisionNotFound");
            send(exchange, 404, new byte[0]);
            return;
        }
        describe(answer, "X-Linked-", content);
        answer.set("X-Repo-Commit", COMMIT);
        boolean large = content.length >= LARGE;
        answer.set(
                "Location", large ? "http://127.0.0.1:" + store.getAddress().getPort() + "/" + file : "/cache/" + file);
        exchange.sendResponseHeaders(large ? 302 : 307, -1);
    }

    private static void describe(Headers answer, String prefix, byte[] content) {
        boolean large = content.length >= LARGE;
        String blob = "blob " + content.length + "\0";
        String tag = large ? hex("SHA-256", "", content) : hex("SHA-1", blob, content);
        answer.set(prefix.isEmpty() ? "ETag" : prefix + "Etag", "\"" + tag + "\"");
        if (!prefix.isEmpty()) {
            answer.set(prefix + "Size", Integer.toString(content.length));
        }
    }

    private void content(HttpExchange exchange, byte[] content) throws IOException {
        Fault fault = exchange.getRequestMethod().equals("GET") ? faults.poll() : null;
        if (fault != null) {
            fault.answer(exchange, content);
            return;
        }
        int from = rangeStart(exchange);
        if (from >= content.length) {
            send(exchange, 416, new byte[0]);
            return;
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        byte[] part = java.util.Arrays.copyOfRange(content, from, content.length);
        send(exchange, from > 0 ? 206 : 200, part);
    }

    private static int rangeStart(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private static String hex(String algorithm, String before, byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(before.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpServer server(String address) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), 0), 0);
            server.setExecutor(threads);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }
}
