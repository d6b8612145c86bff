package com.akidb.ops;

import com.akidb.AkidbApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;

/** The whole server in this process, on free ports and its own data directory. */
final class RunningServer implements AutoCloseable {

    private final HttpClient client = HttpClient.newHttpClient();
    private final ReactiveWebServerApplicationContext context;

    private RunningServer(ReactiveWebServerApplicationContext context) {
        this.context = context;
    }

    static RunningServer start(Path data, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.grpc.server.port=0",
                "--akidb.data-dir=" + data,
                "--akidb.ops.log-format=text"));
        arguments.addAll(List.of(options));
        return new RunningServer((ReactiveWebServerApplicationContext)
                new SpringApplicationBuilder(AkidbApplication.class).run(arguments.toArray(String[]::new)));
    }

    int port() {
        var server = context.getWebServer();
        if (server == null) {
            throw new IllegalStateException("The server has no port");
        }
        return server.getPort();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    HttpResponse<String> post(String path, String json) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
