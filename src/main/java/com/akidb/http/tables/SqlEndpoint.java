package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.table.SqlService;
import com.akidb.table.SqlService.SqlAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code POST /sql}: a read-only select. */
final class SqlEndpoint implements Endpoint {

    private static final byte[] COLUMNS = piece("{\"columns\":");
    private static final byte[] ROWS = piece(",\"rows\":");

    private final SqlService sql;

    SqlEndpoint(SqlService sql) {
        this.sql = sql;
    }

    @Override
    public Mono<Answer> handle(Call call) {
        SqlBody body = SqlBody.read(call.json());
        String query = body.query();
        return call.answer(() -> sql.query(query, body.params(), call.timeLeft(), call.account()), SqlEndpoint::render);
    }

    private static Answer render(SqlAnswer answer) {
        JsonWriter json = new JsonWriter(1024).put(COLUMNS);
        json.strings(answer.columns()).put(ROWS).array(answer.rows(), SqlEndpoint::row);
        return Answer.ok(json.put('}'));
    }

    private static void row(JsonWriter json, List<@Nullable Object> row) {
        json.array(row, Cells::write);
    }
}
