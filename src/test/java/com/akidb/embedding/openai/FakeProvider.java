package com.akidb.embedding.openai;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A server on this machine that speaks the embeddings API, fails when told to, and refuses texts that begin so. */
public final class FakeProvider implements AutoCloseable {

    public static final String KEY = "sk-secret-4711";
    private static final JsonMapper JSON = new JsonMapper();

    public final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    final List<String> elsewhere = new CopyOnWriteArrayList<>();
    private final Queue<Behaviour> script = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final int dimension;

    /** How one request is answered. */
    @FunctionalInterface
    public interface Behaviour {
        void answer(HttpExchange exchange, JsonNode request) throws IOException;
    }

    public FakeProvider(int dimension) {
        this.dimension = dimension;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/embeddings", this::handle);
        server.createContext("/elsewhere", exchange -> {
            elsewhere.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            send(exchange, 200, "{}");
        });
        server.start();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** What the next requests meet, one each; afterwards all are answered well. */
    public void next(Behaviour... behaviours) {
        script.addAll(List.of(behaviours));
    }

    private void handle(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
        requests.add(request);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        Behaviour behaviour;
        synchronized (script) {
            behaviour = script.poll();
        }
        if (request.path("input").toString().contains("\"refuse")) {
            status(400).answer(exchange, request);
        } else if (behaviour == null) {
            send(exchange, 200, good(request).toString());
        } else {
            behaviour.answer(exchange, request);
        }
    }

    /** A vector that begins with the text's length, per text; 7 tokens each. In reverse, which the indexes put right. */
    ObjectNode good(JsonNode request) {
        ObjectNode answer = JSON.createObjectNode().put("object", "list");
        ArrayNode data = answer.putArray("data");
        JsonNode input = request.path("input");
        for (int i = input.size() - 1; i >= 0; i--) {
            ArrayNode vector =
                    data.addObject().put("object", "embedding").put("index", i).putArray("embedding");
            vector.add(input.get(i).asString().length() + 1);
            for (int j = 1; j < dimension; j++) {
                vector.add(0.25);
            }
        }
        answer.putObject("usage").put("prompt_tokens", 7 * input.size()).put("total_tokens", 7 * input.size());
        return answer;
    }

    public static Behaviour status(int status, String... headers) {
        return (exchange, request) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            ObjectNode error = JSON.createObjectNode()
                    .put("message", "about " + request.path("input") + " with key " + KEY)
                    .put("type", "some_type")
                    .put("code", "some_code");
            send(exchange, status, JSON.createObjectNode().set("error", error).toString());
        };
    }

    static Behaviour body(int status, String body) {
        return (exchange, request) -> send(exchange, status, body);
    }

    /** Promises a body and ends in its middle. */
    static Behaviour cut() {
        return (exchange, request) -> {
            exchange.sendResponseHeaders(200, 10_000);
            exchange.getResponseBody().write("{\"data\": [".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            exchange.close();
        };
    }

    /** Sends the headers, and nothing more until the provider is closed. */
    Behaviour hanging() {
        return (exchange, request) -> {
            exchange.sendResponseHeaders(200, 10_000);
            exchange.getResponseBody().flush();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        };
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        ended.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
