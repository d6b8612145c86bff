package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.json.VectorFormat;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.table.SqlService;
import com.akidb.table.SqlService.SqlAnswer;
import com.akidb.table.SqlService.SqlPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code POST /sql}: a read-only select. */
final class SqlEndpoint implements Endpoint {

    private static final byte[] COLUMNS = piece("{\"columns\":");
    private static final byte[] ROWS = piece(",\"rows\":");
    private static final byte[] VECTORS = piece(",\"vectors\":");

    private final SqlService sql;

    SqlEndpoint(SqlService sql) {
        this.sql = sql;
    }

    @Override
    public Mono<Answer> handle(Call call) {
        SqlBody body = SqlBody.read(call.json());
        String query = body.query();
        if (body.explain) {
            return call.answer(
                    () -> sql.explain(query, body.params(), call.timeLeft(), call.account()), SqlEndpoint::plan);
        }
        return call.answer(
                () -> sql.query(query, body.params(), call.timeLeft(), call.account()),
                answer -> render(answer, body.format));
    }

    /** The search of the vector index, if one takes part, and then the steps of the select. */
    private static Answer plan(SqlPlan plan) {
        List<String> lines = new ArrayList<>();
        if (plan.search() != null) {
            lines.addAll(
                    QueryEndpoint.lines(plan.search().search(), plan.search().embedded()));
        }
        lines.addAll(plan.steps());
        return QueryEndpoint.plan(lines);
    }

    private static Answer render(SqlAnswer answer, VectorFormat format) {
        JsonWriter json = new JsonWriter(1024).vectorsAs(format).put(COLUMNS);
        json.strings(answer.columns()).put(ROWS).array(answer.rows(), SqlEndpoint::row);
        if (format == VectorFormat.BASE64) {
            json.put(VECTORS).array(vectors(answer), JsonWriter::value);
        }
        return Answer.ok(json.put('}'));
    }

    /** Positions of the columns that hold a vector in any row, for in base64 vectors are strings among strings. */
    private static List<Integer> vectors(SqlAnswer answer) {
        return IntStream.range(0, answer.columns().size())
                .filter(column -> answer.rows().stream().anyMatch(row -> row.get(column) instanceof float[]))
                .boxed()
                .toList();
    }

    private static void row(JsonWriter json, List<@Nullable Object> row) {
        json.array(row, RowJson::writeCell);
    }

    /** The body of {@code POST /sql}. */
    private static final class SqlBody {

        private static final int MOST_PARAMS = 10_000;
        private static final Fields FIELDS = Fields.of("query", "params", "encoding_format", "explain");
        private static final Fields VECTOR = Fields.of("vector");

        private @Nullable String query;
        private final List<@Nullable Object> params = new ArrayList<>();
        private VectorFormat format = VectorFormat.FLOAT;
        private boolean explain;

        static SqlBody read(JsonReader json) {
            SqlBody body = new SqlBody();
            json.object(FIELDS, body::member);
            json.end();
            return body;
        }

        private void member(JsonReader json, String name) {
            if (name.equals("query")) {
                query = json.string();
            } else if (json.nothing()) {
                return;
            } else if (name.equals("encoding_format")) {
                format = VectorFormat.parse(json.string(), name);
            } else if (name.equals("explain")) {
                explain = json.bool();
            } else {
                json.array("an array of values", (item, index) -> {
                    if (index == MOST_PARAMS) {
                        throw new InvalidInputException(
                                ErrorCode.OUT_OF_RANGE, "params may hold at most " + MOST_PARAMS + " values", "params");
                    }
                    params.add(value(item));
                });
            }
        }

        private static @Nullable Object value(JsonReader json) {
            if (json.nothing()) {
                return null;
            }
            return switch (json.peek()) {
                case '"' -> json.string();
                case '[' -> json.floats();
                case 't', 'f' -> json.bool();
                case '{' -> vector(json);
                default -> number(json);
            };
        }

        /** A vector that says that it is one, for in base64 it is a string. */
        private static float[] vector(JsonReader json) {
            String path = json.path();
            float @Nullable [][] vector = {null};
            json.object(VECTOR, (member, name) -> vector[0] = member.floats());
            if (vector[0] == null) {
                throw InvalidInputException.missing(path + ".vector");
            }
            return vector[0];
        }

        private static Object number(JsonReader json) {
            String digits = json.raw();
            if (digits.length() < 20 && digits.indexOf('.') < 0 && digits.indexOf('e') < 0 && digits.indexOf('E') < 0) {
                try {
                    return Long.valueOf(digits);
                } catch (NumberFormatException beyond) {
                    return Double.valueOf(digits);
                }
            }
            double number = Double.parseDouble(digits);
            if (!Double.isFinite(number)) {
                throw json.invalid(ErrorCode.OUT_OF_RANGE, "must be a finite number");
            }
            return number;
        }

        String query() {
            if (query == null) {
                throw InvalidInputException.missing("query");
            }
            return query;
        }

        List<@Nullable Object> params() {
            return params;
        }
    }
}
