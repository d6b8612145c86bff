package com.akidb.http;

import com.akidb.account.Account;
import com.akidb.backup.Backups;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.engine.TableEngine;
import com.akidb.http.server.Admission;
import com.akidb.http.server.Reply;
import com.akidb.http.server.RouteTable;
import com.akidb.model.EmbeddingsApiDefaults;
import com.akidb.model.ModelRegistry;
import com.akidb.ops.ServerState;
import com.akidb.security.Gate;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ComputedColumnService;
import com.akidb.table.IndexService;
import com.akidb.table.Search;
import com.akidb.table.SearchService;
import com.akidb.table.SqlService;
import com.akidb.table.SqlService.SqlAnswer;
import com.akidb.table.TableService;
import com.akidb.table.TestTables;
import com.akidb.table.search.TestSearches;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST surface on a real port, with small stand-ins for the services behind it. */
public final class TestServer implements AutoCloseable {

    public static final JsonMapper JSON = JsonMapper.builder().build();

    /** Longer than any request takes; one that is not answered fails its test. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    public final FakeEmbedding embedding;
    public final WatchedCollections collections;
    public final Admission admission;
    public final RouteTable routes;
    public final CountingRows rows;
    public final Searches searches;
    private final ReactiveWebServerApplicationContext context;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Starts it with settings such as {@code akidb.http.body-timeout=1s}. */
    public TestServer(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "server.address=127.0.0.1",
                "spring.grpc.server.enabled=false",
                "spring.main.banner-mode=off",
                "logging.level.root=warn"));
        all.addAll(List.of(settings));
        context = (ReactiveWebServerApplicationContext) new SpringApplicationBuilder(Application.class)
                .properties("akidb.data-dir=target/no-such-data")
                .run(all.stream().map(setting -> "--" + setting).toArray(String[]::new));
        embedding = context.getBean(FakeEmbedding.class);
        collections = context.getBean(WatchedCollections.class);
        admission = context.getBean(Admission.class);
        routes = context.getBean(RouteTable.class);
        rows = context.getBean(CountingRows.class);
        searches = context.getBean(Searches.class);
    }

    @EnableAutoConfiguration
    @EnableConfigurationProperties(HttpSettings.class)
    @ComponentScan(
            basePackages = {
                "com.akidb.backup",
                "com.akidb.http.admin",
                "com.akidb.http.collections",
                "com.akidb.http.embed",
                "com.akidb.http.pages",
                "com.akidb.http.server",
                "com.akidb.http.sync",
                "com.akidb.http.tables",
                "com.akidb.security",
                "com.akidb.sync"
            })
    @ConfigurationPropertiesScan(basePackageClasses = {Gate.class, Backups.class})
    static class Application {
        @Bean
        ServerState serverState() {
            return new ServerState();
        }

        @Bean
        FakeEmbedding embedding() {
            return new FakeEmbedding();
        }

        @Bean
        FakeClientModels clientModels() {
            return new FakeClientModels();
        }

        @Bean
        SqlService sql() {
            List<@Nullable Object> row = new ArrayList<>();
            return new SqlService() {
                @Override
                public CompletableFuture<SqlAnswer> query(
                        String query, List<? extends @Nullable Object> params, Duration timeout, Account account) {
                    row.clear();
                    row.add(query);
                    row.addAll(params);
                    return CompletableFuture.completedFuture(
                            new SqlAnswer(Collections.nCopies(row.size(), "c"), List.of(row)));
                }

                @Override
                public CompletableFuture<SqlPlan> explain(
                        String query, List<? extends @Nullable Object> params, Duration timeout, Account account) {
                    return CompletableFuture.completedFuture(new SqlPlan(null, List.of("plan of " + query)));
                }
            };
        }

        @Bean
        EmbeddingsApiDefaults embeddingsApi() {
            return new EmbeddingsApiDefaults("org/fake");
        }

        @Bean
        WatchedCollections watchedCollections(TestTables tables, FakeEmbedding embedding) {
            return new WatchedCollections(tables.engine(), embedding);
        }

        @Bean
        TestTables testTables() {
            return new TestTables();
        }

        @Bean
        TableEngine engine(TestTables tables) {
            return tables.engine();
        }

        @Bean
        TableService tableService(TestTables tables) {
            return tables.tables();
        }

        @Bean
        ComputedColumnService computedColumns() {
            return unused(ComputedColumnService.class);
        }

        @Bean
        Searches searches(TestTables tables) {
            ColumnEmbedder unused = new ColumnEmbedder(unused(EmbeddingManager.class), unused(ModelRegistry.class));
            return new Searches(TestSearches.of(tables.engine(), unused, 10, Runnable::run));
        }

        @Bean
        IndexService indexService(TestTables tables) {
            return tables.indexes();
        }

        /** Stands where no test of this server calls. */
        private static <T> T unused(Class<T> service) {
            return service.cast(Proxy.newProxyInstance(
                    service.getClassLoader(), new Class<?>[] {service}, (proxy, method, arguments) -> {
                        throw new UnsupportedOperationException(method.getName());
                    }));
        }

        @Bean
        CountingRows rowService(TestTables tables) {
            return new CountingRows(tables);
        }
    }

    /** Searches by vectors in tables, before which something else may happen. */
    public static final class Searches implements SearchService {

        private final SearchService service;
        private final AtomicReference<Runnable> before = new AtomicReference<>(() -> {});
        private final AtomicInteger begun = new AtomicInteger();

        Searches(SearchService service) {
            this.service = service;
        }

        /** Something that happens once: when the next search has been understood and has not yet begun. */
        public void beforeTheNext(Runnable happens) {
            before.set(happens);
        }

        /** Searches that were asked for until now. */
        public int begun() {
            return begun.get();
        }

        @Override
        public CompletableFuture<SearchAnswer> search(Search search) {
            begun.incrementAndGet();
            // Not where the request was read, which must not wait.
            return CompletableFuture.runAsync(before.getAndSet(() -> {})).thenCompose(_ -> service.search(search));
        }
    }

    /** An answer whose body is JSON, or empty. */
    public record Reply(int status, JsonNode json, HttpResponse<String> raw) {
        public String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }

        public String code() {
            return json.path("code").asString("");
        }
    }

    public int port() {
        return Objects.requireNonNull(context.getWebServer()).getPort();
    }

    public HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    public Reply get(String path) {
        return send(to(path).GET());
    }

    public Reply delete(String path) {
        return send(to(path).DELETE());
    }

    public Reply patch(String path, String body) {
        return send(to(path).header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
    }

    public Reply delete(String path, String body) {
        return send(to(path).header("Content-Type", "application/json")
                .method("DELETE", HttpRequest.BodyPublishers.ofString(body)));
    }

    public Reply post(String path, String body) {
        return post(path, body.getBytes(StandardCharsets.UTF_8));
    }

    public Reply post(String path, byte[] body) {
        return send(
                to(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    public Reply send(HttpRequest.Builder request) {
        HttpResponse<String> raw = sendRaw(request);
        boolean json = raw.headers().firstValue("Content-Type").orElse("").contains("json");
        return new Reply(raw.statusCode(), json ? JSON.readTree(raw.body()) : JSON.nullNode(), raw);
    }

    public HttpResponse<String> sendRaw(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A bare connection, which gives up reading after ten seconds. */
    public Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Override
    public void close() {
        context.close();
        client.shutdownNow();
    }
}
