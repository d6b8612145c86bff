package com.akidb.http.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.http.json.JsonWriter;
import com.akidb.vector.Metric;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IndexEndpointsTests {

    private final IndexStatus index = new IndexStatus(
            new IndexDefinition("fast", List.of("vec"), IndexMethod.HNSW, Metric.COSINE, Map.of()),
            "vec",
            "ready",
            100,
            7,
            8,
            0.99,
            List.of(
                    new IndexStatus.Recall(Instant.parse("2026-01-01T10:00:00.123Z"), 0.95),
                    new IndexStatus.Recall(Instant.parse("2026-01-01T10:01:01Z"), 0.99)),
            null);

    @Test
    void tellWhatSearchesFoundBefore() {
        assertThat(text(IndexEndpoints.writeWithPast(new JsonWriter(256), index)))
                .contains("\"recall\":0.99,\"recall_history\":[{\"at\":\"2026-01-01T10:00:00Z\",\"recall\":0.95},"
                        + "{\"at\":\"2026-01-01T10:01:01Z\",\"recall\":0.99}]}");
    }

    @Test
    void leaveThePastOutOfTheDescriptionOfATable() {
        assertThat(text(IndexEndpoints.write(new JsonWriter(256), List.of(index))))
                .contains("\"recall\":0.99}")
                .doesNotContain("history");
    }

    private static String text(JsonWriter json) {
        return new String(json.array(), StandardCharsets.UTF_8);
    }
}
