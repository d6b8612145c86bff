package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Requests of each table by the minute. */
class TableTrafficTests {

    private final AtomicLong now =
            new AtomicLong(Instant.parse("2026-11-25T10:00:00Z").toEpochMilli());
    private final TableTraffic traffic = new TableTraffic(() -> Instant.ofEpochMilli(now.get()));

    private void ask(String pattern, String table) {
        traffic.count(new RouteTable.Match(pattern, Map.of(), List.of(table)));
    }

    private int[] minutes(String table) {
        return traffic.of(table);
    }

    @Test
    void countsWhatIsAboutRowsAndNothingElse() {
        ask("/api/v1/tables/{table}/rows", "notes");
        ask("/api/v1/tables/{table}/rows/{key}", "notes");
        ask("/api/v1/tables/{table}/search/similarity", "notes");
        ask("/collections/{collection}/documents", "trails");
        ask("/api/v1/tables/{table}", "notes");
        ask("/api/v1/tables/{table}/indexes", "notes");

        assertThat(minutes("notes")[TableTraffic.MINUTES - 1]).isEqualTo(3);
        assertThat(minutes("trails")[TableTraffic.MINUTES - 1]).isEqualTo(1);
        assertThat(minutes("other")).containsOnly(0);
    }

    @Test
    void forgetsAMinuteAfterAnHour() {
        ask("/api/v1/tables/{table}/query", "notes");
        now.addAndGet(60_000);
        ask("/api/v1/tables/{table}/query", "notes");
        ask("/api/v1/tables/{table}/query", "notes");
        int[] soon = minutes("notes");
        now.addAndGet(59 * 60_000L);
        int[] late = minutes("notes");
        now.addAndGet(60_000);

        assertThat(Arrays.copyOfRange(soon, 57, 60)).containsExactly(0, 1, 2);
        assertThat(late[0]).isEqualTo(2);
        assertThat(Arrays.stream(late).sum()).isEqualTo(2);
        assertThat(minutes("notes")).containsOnly(0);
    }

    @Test
    void keepsNoMoreTablesThanItMay() {
        for (int i = 0; i < 20_000; i++) {
            ask("/api/v1/tables/{table}/query", "made up " + i);
        }

        assertThat(traffic.tables()).isLessThanOrEqualTo(1_000);
    }
}
