package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.engine.SearchExplanation;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.table.ColumnEmbedder.EmbeddedQuery;
import com.akidb.table.RowService.TablePage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders answers of queries. */
final class QueryAnswers {

    private QueryAnswers() {}

    static Answer page(TablePage page, RowJson writer) {
        JsonWriter json = new JsonWriter(64 + 160 * page.rows().size()).put(piece("{\"rows\":"));
        json.array(page.rows(), writer::write);
        return Answer.ok(
                json.put(piece(",\"next_cursor\":")).value(page.nextCursor()).put('}'));
    }

    static Answer plan(List<String> lines) {
        return Answer.ok(
                new JsonWriter(256).put(piece("{\"plan\":")).strings(lines).put('}'));
    }

    /** A search by similarity as lines of a plan. */
    static Answer plan(SearchExplanation explanation, @Nullable EmbeddedQuery embedded) {
        List<String> lines = new ArrayList<>();
        lines.add("SIMILARITY " + explanation.plan() + ": " + explanation.reason());
        lines.add("rows " + explanation.rows() + ", passing " + explanation.passing() + ", compared in full precision "
                + explanation.candidates());
        SearchExplanation.Means means = explanation.means();
        if (means != null) {
            lines.add((means.index() == null ? "" : "index " + means.index() + ", ") + "metric " + means.metric()
                    + ", effort " + means.effort() + " (raised by " + means.raised() + "), passes " + means.passes()
                    + ", recall " + (means.recall() == null ? "not checked" : means.recall()) + ", floor "
                    + means.recallFloor());
        }
        if (embedded != null) {
            lines.add("embedded by " + embedded.model() + " as "
                    + embedded.inputType().wireName() + ", with the prompt '" + embedded.prompt() + "'");
        }
        explanation.stepMicros().forEach((step, micros) -> lines.add(step + " " + micros + " µs"));
        return plan(lines);
    }
}
