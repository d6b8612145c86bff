package com.akidb.embedding.openai;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One call of {@code POST /embeddings} at a time, without repetition. Follows no redirects: the key would go along. */
final class OpenAiClient implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    /** More than a 32-digit number per dimension of the largest batch needs. */
    private static final long MOST_BYTES = 256L << 20;

    private final Provider provider;
    private final String model;
    private final int dimensions;
    private final OpenAiProperties settings;
    private final HttpClient http;

    /**
     * A client for one model.
     *
     * @param dimensions length of vectors to ask for; 0 to leave it to the model
     */
    OpenAiClient(Provider provider, String model, int dimensions, OpenAiProperties settings) {
        this.provider = provider;
        this.model = model;
        this.dimensions = dimensions;
        this.settings = settings;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    /**
     * Sends texts and waits for the whole answer.
     *
     * @param longest time that it may take, if that is less than the settings allow
     * @throws IOException if there is no answer
     */
    HttpResponse<byte[]> post(List<String> texts, Duration longest) throws IOException {
        HttpRequest request = provider.request()
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("User-Agent", "akidb")
                .POST(BodyPublishers.ofByteArray(body(texts)))
                .build();
        Duration time = longest.compareTo(settings.readTimeout()) < 0 ? longest : settings.readTimeout();
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            // The client's own time-out ends with the headers.
            return answer.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("no answer within " + time.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException("the call failed", e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private byte[] body(List<String> texts) {
        ObjectNode body = JSON.createObjectNode().put("model", model).put("encoding_format", "float");
        texts.forEach(body.putArray("input")::add);
        if (dimensions > 0) {
            body.put("dimensions", dimensions);
        }
        return JSON.writeValueAsBytes(body);
    }

    /** What went wrong, in words of our own: those of the library may hold anything. */
    static String explain(IOException failure) {
        return switch (failure) {
            case HttpConnectTimeoutException e -> "no connection in time";
            case HttpTimeoutException e -> "no answer in time";
            case ConnectException e -> "no connection";
            case SSLException e -> "no secure connection";
            default -> "the connection broke";
        };
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
