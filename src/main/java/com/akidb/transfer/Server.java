package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnauthenticatedException;
import com.akidb.error.UnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A running server, as its HTTP API shows it. Waits and tries again when it is busy or away for a moment. */
public final class Server implements AutoCloseable {

    private static final int ATTEMPTS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private final @Nullable String key;

    /**
     * @param base such as {@code http://127.0.0.1:8080}
     * @param key the API key; null for none. It is not sent in plain text to another machine
     */
    public Server(URI base, @Nullable String key) {
        String scheme = String.valueOf(base.getScheme());
        String host = String.valueOf(base.getHost());
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "--url must begin with http:// or https://", "--url");
        }
        boolean here = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
        if (key != null && scheme.equals("http") && !here) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "An API key is not sent unencrypted to another machine: use https://",
                    "--url");
        }
        this.base = base.toString().replaceAll("/+$", "");
        this.key = key;
    }

    /** An answer: its status, and its body as JSON. */
    record Reply(int status, JsonNode json) {
        String detail() {
            return json.path("detail").asString("the server answered " + status);
        }

        /** Whether the server's disk is full, which does not pass by itself. */
        boolean isFull() {
            return json.path("code").asString("").equals(ErrorCode.STORAGE_FULL.name());
        }
    }

    Reply describe(String table) {
        return required(send("GET", path(table), null));
    }

    boolean has(String table) {
        Reply reply = send("GET", path(table), null);
        return reply.status() != 404 && required(reply).status() == 200;
    }

    Reply create(JsonNode table) {
        return required(send("POST", "/api/v1/tables", table));
    }

    Reply query(String table, JsonNode body) {
        return required(send("POST", path(table) + "/query", body));
    }

    /** Inserts rows; an answer of 400, 409 or 413 is for the caller, who knows which row is meant. */
    Reply insert(String table, JsonNode body) {
        Reply reply = send("POST", path(table) + "/rows", body);
        return switch (reply.status()) {
            case 400, 409, 413 -> reply;
            default -> required(reply);
        };
    }

    /**
     * Starts a backup.
     *
     * @param name of the backup; null for one that the server chooses
     * @return what the server says of it
     */
    public JsonNode startBackup(@Nullable String name, boolean includeKeys, boolean includeAudit) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        if (name != null) {
            body.put("name", name);
        }
        body.put("include_keys", includeKeys).put("include_audit", includeAudit);
        return required(send("POST", "/api/v1/backups", body)).json();
    }

    /** What the server says of a backup. */
    public JsonNode backup(String name) {
        return required(send("GET", "/api/v1/backups/" + encoded(name), null)).json();
    }

    private static String path(String table) {
        return "/api/v1/tables/" + encoded(table);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Reply required(Reply reply) {
        return switch (reply.status()) {
            case 200, 201, 202 -> reply;
            case 401, 403 -> throw new UnauthenticatedException(reply.detail());
            case 404 -> throw new NotFoundException(reply.detail());
            case 429, 503 -> throw new UnavailableException(reply.detail());
            default -> throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, reply.detail());
        };
    }

    private Reply send(String method, String path, @Nullable JsonNode body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (key != null) {
            request.header("X-API-Key", key);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                boolean busy = answer.statusCode() == 429 || answer.statusCode() == 503;
                Reply reply = new Reply(answer.statusCode(), json(answer));
                if (!busy || reply.isFull() || attempt == ATTEMPTS) {
                    return reply;
                }
                pause(answer.headers().firstValueAsLong("Retry-After").orElse(1L << (attempt - 1)));
            } catch (IOException away) {
                // A write that was not answered may have happened; nothing but its caller can know whether to repeat
                // it.
                if (attempt == ATTEMPTS || !(away instanceof java.net.ConnectException)) {
                    throw new UnavailableException(base + " cannot be reached: " + away, away);
                }
                pause(1L << (attempt - 1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnavailableException("interrupted", e);
            }
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        boolean json = answer.headers().firstValue("Content-Type").orElse("").contains("json");
        return json
                ? JsonMapper.shared().readTree(answer.body())
                : JsonMapper.shared().nullNode();
    }

    private static void pause(long seconds) {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(Math.clamp(seconds, 1, 30)));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
