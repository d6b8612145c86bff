package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.table.Projection;
import com.akidb.table.Projection.Selected;
import com.akidb.table.RowService;
import com.akidb.table.Search;
import com.akidb.table.SearchService;
import com.akidb.table.SearchService.SearchAnswer;
import com.akidb.table.SearchService.SearchAnswer.Explanation;
import com.akidb.table.SearchService.SearchAnswer.Match;
import com.akidb.table.TableSchema;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code POST /tables/{table}/search/similarity}: the most similar rows. */
final class SimilarityEndpoint implements Endpoint {

    private static final byte[] RESULTS = piece("{\"results\":");
    private static final byte[] DATA = piece("{\"data\":");
    private static final byte[] SCORE = piece(",\"score\":");
    private static final byte[] TIME = piece(",\"search_time_ms\":");
    private static final byte[] EXPLANATION = piece(",\"explanation\":");
    static final Fields FIELDS = SearchBody.Kind.TABLE.fields("select", "include_score");

    private final SearchService service;
    private final RowService rows;

    SimilarityEndpoint(SearchService service, RowService rows) {
        this.service = service;
        this.rows = rows;
    }

    /** The members of a body that say what the answer shows. */
    static final class Shown {

        final Selections select = new Selections();
        boolean score;

        /** @param others reads the other members */
        void member(JsonReader json, String name, JsonReader.MemberReader others) {
            switch (name) {
                case "select" -> {
                    if (!json.nothing()) {
                        select.readNames(json);
                    }
                }
                case "include_score" -> score = !json.nothing() && json.bool();
                default -> others.read(json, name);
            }
        }
    }

    @Override
    public Set<Extra> extras() {
        return EnumSet.of(Extra.LIMITED);
    }

    @Override
    public Mono<Answer> handle(Call call) {
        long start = System.nanoTime();
        call.query();
        TableSchema schema = rows.schema(call.variable(0), call.rights());
        JsonReader json = call.json();
        SearchBody body = new SearchBody(SearchBody.Kind.TABLE, schema.fields());
        Shown shown = new Shown();
        json.object(FIELDS, (member, name) -> shown.member(member, name, body::member));
        json.end();
        List<Selected> select = shown.select.of(schema, body.includesVectors());
        Search search = body.inTable(schema, new Projection(schema, select).needsVectors(), call);
        return call.answer(() -> service.search(search), answer -> {
            // All columns are those of the table that was searched, which may be others than when this was asked.
            List<Selected> shows =
                    answer.schema() == schema ? select : shown.select.of(answer.schema(), body.includesVectors());
            return render(
                    new RowJson(shows, false, body.format()),
                    new Projection(answer.schema(), shows),
                    answer,
                    body,
                    shown.score,
                    start);
        });
    }

    private static Answer render(
            RowJson writer, Projection projection, SearchAnswer answer, SearchBody body, boolean scores, long start) {
        JsonWriter json = new JsonWriter(
                256 + answer.vector().length * 12 + answer.matches().size() * 256);
        json.put(RESULTS).array(answer.matches(), (to, match) -> write(to, writer, projection, match, scores));
        if (answer.truncated()) {
            json.put(SearchAnswers.TRUNCATED);
        }
        if (body.includesQueryEmbedding(true)) {
            SearchAnswers.query(json.vectorsAs(body.format()), answer.vector(), answer.fingerprint());
        }
        json.put(TIME).value((System.nanoTime() - start) / 10_000 / 100f);
        if (answer.explanation() != null) {
            explain(json.put(EXPLANATION), answer.explanation(), answer.embedMicros());
        }
        return Answer.ok(json.put('}'));
    }

    static void write(JsonWriter json, RowJson writer, Projection projection, Match match, boolean score) {
        writer.write(json.put(DATA), projection.of(match.row(), null));
        if (score) {
            json.put(SCORE).value(match.score());
        }
        SearchAnswers.write(json, match.ranks(), match.group());
        json.put('}');
    }

    private static void explain(JsonWriter json, Explanation explanation, @Nullable Long embedMicros) {
        json.put('{');
        SearchAnswers.write(json, explanation.search());
        json.put(piece(",\"text_candidates\":"));
        SearchAnswers.number(json, explanation.textCandidates());
        json.put(piece(",\"mmr_candidates\":"));
        SearchAnswers.number(json, explanation.diversityCandidates());
        json.put(piece(",\"embed_micros\":"));
        SearchAnswers.number(json, embedMicros);
        SearchAnswers.write(json, explanation.embedded());
        json.put(piece(",\"total_micros\":")).value(explanation.totalMicros());
        json.put('}');
    }
}
