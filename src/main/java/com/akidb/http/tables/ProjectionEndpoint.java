package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.QueryParameters;
import com.akidb.table.RowService;
import com.akidb.table.TableSchema;
import com.akidb.table.VectorMaps;
import com.akidb.table.VectorMaps.Point;
import com.akidb.table.VectorMaps.VectorMap;
import com.akidb.vector.PrincipalComponents;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code GET .../projection}: a sample of a table's vectors as points of a plane. */
final class ProjectionEndpoint implements Endpoint {

    private static final int POINTS = 2_000;

    private final RowService rows;
    private final VectorMaps maps;

    ProjectionEndpoint(RowService rows) {
        this.rows = rows;
        this.maps = new VectorMaps(rows);
    }

    @Override
    public Mono<Answer> handle(Call call) {
        QueryParameters query = call.query("column", "by", "limit");
        String column = query.text("column", "");
        String by = query.text("by", "");
        int limit = query.integer("limit", POINTS, 1, VectorMaps.MOST_POINTS);
        TableSchema schema = rows.schema(call.variable(0), call.rights());
        return call.blocking(
                () -> maps.map(schema, column.isEmpty() ? null : column, by.isEmpty() ? null : by, limit),
                map -> Answer.ok(write(map)));
    }

    private static JsonWriter write(VectorMap map) {
        JsonWriter json = new JsonWriter(64 * map.points().size() + 1024);
        json.put(piece("{\"column\":")).value(map.column());
        json.put(piece(",\"version\":")).value(map.version());
        json.put(piece(",\"rows\":")).value(map.rows());
        PrincipalComponents plane = map.plane();
        if (plane != null) {
            json.put(piece(",\"plane\":{\"mean\":")).value(plane.mean());
            json.put(piece(",\"first\":")).value(plane.first());
            json.put(piece(",\"second\":")).value(plane.second());
            json.put(piece(",\"explained\":[")).value(plane.explained()[0]);
            json.put(',').value(plane.explained()[1]).put(piece("]}"));
        }
        json.put(piece(",\"points\":["));
        for (int i = 0; i < map.points().size(); i++) {
            Point point = map.points().get(i);
            json.put(piece(i == 0 ? "{\"key\":" : ",{\"key\":"));
            scalar(json, point.key());
            json.put(piece(",\"x\":")).value(point.x());
            json.put(piece(",\"y\":")).value(point.y());
            if (point.by() != null) {
                json.put(piece(",\"by\":"));
                scalar(json, point.by());
            }
            json.put('}');
        }
        return json.put(piece("]}"));
    }

    private static void scalar(JsonWriter json, @Nullable Object value) {
        switch (value) {
            case Long number -> json.value(number);
            case Double number -> json.value(number);
            case Boolean truth -> json.value(truth);
            case null -> json.value((String) null);
            default -> json.value(value.toString());
        }
    }
}
