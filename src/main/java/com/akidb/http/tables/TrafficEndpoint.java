package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.account.Rights;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.TableTraffic;
import com.akidb.table.TableService;
import java.util.Arrays;
import java.util.List;
import reactor.core.publisher.Mono;

/** {@code GET /traffic}: requests for the rows of each table and collection over the last hour, by the minute. */
final class TrafficEndpoint implements Endpoint {

    private final TableTraffic traffic;
    private final TableService tables;

    TrafficEndpoint(TableTraffic traffic, TableService tables) {
        this.traffic = traffic;
        this.tables = tables;
    }

    private record Asked(String table, int[] minutes) {}

    @Override
    public Mono<Answer> handle(Call call) {
        call.query();
        return call.blocking(this::asked, all -> {
            JsonWriter json = new JsonWriter(256)
                    .put(piece("{\"minutes\":"))
                    .value(TableTraffic.MINUTES)
                    .put(piece(",\"tables\":"));
            return Answer.ok(json.array(all, TrafficEndpoint::write).put('}'));
        });
    }

    private List<Asked> asked() {
        return tables.list(Rights.ALL).stream()
                .map(table -> new Asked(table.name(), traffic.of(table.name())))
                .filter(asked -> Arrays.stream(asked.minutes()).anyMatch(count -> count > 0))
                .toList();
    }

    private static void write(JsonWriter json, Asked asked) {
        json.put(piece("{\"name\":")).value(asked.table()).put(piece(",\"requests\":"));
        char before = '[';
        for (int count : asked.minutes()) {
            json.put(before).value(count);
            before = ',';
        }
        json.put(']').put('}');
    }
}
