package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the dashboard to what a running server really exports. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrafanaDashboardTest {

    private static final Path DASHBOARD = Path.of("grafana/embedding_dashboard.json");
    private static final Pattern SELECTOR = Pattern.compile("(?<![\\w$])([a-zA-Z_:][\\w:]*)\\s*(\\(|\\{([^}]*)\\})?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)");
    private static final Pattern SAMPLE =
            Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)\\})? \\S+$", Pattern.MULTILINE);

    /** Labels that Prometheus adds when it collects. */
    private static final Set<String> ADDED = Set.of("instance", "job");

    /** Names of the metrics of a server that has done some of everything, each with its labels. */
    private Map<String, Set<String>> exported = Map.of();

    @BeforeAll
    void useAServer(@TempDir Path data) {
        try (RunningServer server = RunningServer.start(data)) {
            assertThat(server.post("/embed", "{\"texts\":[\"rain in the hills\"]}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/health").body()).contains("\"status\":\"ok\"", "\"dimension\":384");
            exported = samples(server.get("/metrics").body());
        }
    }

    @Test
    void everyQueryNamesMetricsAndLabelsThatTheServerExports() throws IOException {
        List<String> queries = new ArrayList<>();
        collectQueries(JsonMapper.shared().readTree(Files.readString(DASHBOARD)), queries);
        assertThat(queries).hasSizeGreaterThan(20);
        for (String query : queries) {
            assertThat(problems(query)).as(query).isEmpty();
        }
    }

    @Test
    void aQueryOfAMetricThatIsNotThereIsCaught() {
        assertThat(problems("sum(rate(akidb_nothing_total[5m]))")).containsExactly("akidb_nothing_total");
        assertThat(problems("akidb_embedding_requests_total{colour=\"red\"}"))
                .containsExactly("akidb_embedding_requests_total{colour}");
    }

    @Test
    void coversLatencyThroughputBatchSizesSearchesAndCommits() throws IOException {
        assertThat(Files.readString(DASHBOARD))
                .contains(
                        "akidb_embedding_latency_seconds_bucket",
                        "akidb_embedding_requests_total",
                        "akidb_embedding_batch_size_bucket",
                        "akidb_search_latency_seconds_bucket",
                        "akidb_commit_latency_seconds_bucket");
    }

    private List<String> problems(String query) {
        List<String> problems = new ArrayList<>();
        String bare = query.replaceAll("\\b(by|without)\\s*\\([^)]*\\)", "").replaceAll("\\[[^]]*\\]", "");
        Matcher selector = SELECTOR.matcher(bare);
        while (selector.find()) {
            String name = selector.group(1);
            if ("(".equals(selector.group(2))) {
                continue;
            }
            Set<String> labels = exported.get(name);
            if (labels == null) {
                problems.add(name);
                continue;
            }
            Matcher label = LABEL.matcher(selector.group(3) == null ? "" : selector.group(3));
            while (label.find()) {
                if (!ADDED.contains(label.group(1)) && !labels.contains(label.group(1))) {
                    problems.add(name + "{" + label.group(1) + "}");
                }
            }
        }
        return problems;
    }

    private static void collectQueries(JsonNode node, List<String> queries) {
        if (node.isObject() && node.has("expr")) {
            queries.add(node.get("expr").asString());
        }
        node.forEach(child -> collectQueries(child, queries));
    }

    private static Map<String, Set<String>> samples(String exposition) {
        Map<String, Set<String>> found = new HashMap<>();
        Matcher sample = SAMPLE.matcher(exposition);
        while (sample.find()) {
            Set<String> labels = found.computeIfAbsent(sample.group(1), name -> new HashSet<>());
            Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
            while (label.find()) {
                labels.add(label.group(1));
            }
        }
        return found;
    }
}
