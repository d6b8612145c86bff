package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.table.RowService;
import com.akidb.table.SimilarityAnswer;
import com.akidb.table.SimilarityAnswer.Explanation;
import com.akidb.table.SimilarityAnswer.Match;
import com.akidb.table.SimilarityAnswer.Ranks;
import com.akidb.table.SimilaritySearch;
import com.akidb.table.SimilarityService;
import com.akidb.table.TableRow;
import com.akidb.table.TableSchema;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code POST /tables/{table}/search/similarity}: the most similar rows. */
final class SimilarityEndpoint implements Endpoint {

    private static final byte[] RESULTS = piece("{\"results\":");
    private static final byte[] DATA = piece("{\"data\":");
    private static final byte[] SCORE = piece(",\"score\":");
    private static final byte[] EMBEDDING = piece(",\"query_embedding\":");
    private static final byte[] TIME = piece(",\"search_time_ms\":");
    private static final byte[] EXPLANATION = piece(",\"explanation\":");

    private final SimilarityService service;
    private final RowService rows;

    SimilarityEndpoint(SimilarityService service, RowService rows) {
        this.service = service;
        this.rows = rows;
    }

    @Override
    public Mono<Answer> handle(Call call) {
        long start = System.nanoTime();
        call.query();
        TableSchema schema = rows.schema(call.variable(0));
        SimilaritySearchBody body = SimilaritySearchBody.read(call.json(), schema);
        SimilaritySearch search = body.search(call.timeLeft());
        return call.answer(
                () -> service.search(search, call.account()),
                answer -> render(search, answer, body.includeScore(), start));
    }

    private static Answer render(SimilaritySearch search, SimilarityAnswer answer, boolean scores, long start) {
        JsonWriter json = new JsonWriter(
                256 + answer.vector().length * 12 + answer.matches().size() * 256);
        RowJson writer = new RowJson(search.select(), false);
        json.put(RESULTS).array(answer.matches(), (to, match) -> write(to, writer, match, scores));
        json.put(EMBEDDING).value(answer.vector());
        json.put(TIME).value((System.nanoTime() - start) / 10_000 / 100f);
        if (answer.explanation() != null) {
            explain(json.put(EXPLANATION), answer.explanation());
        }
        return Answer.ok(json.put('}'));
    }

    private static void write(JsonWriter json, RowJson writer, Match match, boolean score) {
        TableRow row = match.row();
        json.put(DATA);
        writer.write(json, new TableRow(row.values(), row.version(), row.changedAt(), null));
        if (score && row.score() != null) {
            json.put(SCORE).value(row.score().floatValue());
        }
        if (match.ranks() != null) {
            write(json, match.ranks());
        }
        json.put('}');
    }

    private static void write(JsonWriter json, Ranks ranks) {
        json.put(piece(",\"ranks\":{\"similarity\":"));
        number(json, ranks.similarity());
        json.put(piece(",\"text\":"));
        number(json, ranks.text());
        json.put(piece("},\"similarity\":"));
        number(json, ranks.similarityScore());
        json.put(piece(",\"text_score\":"));
        number(
                json,
                ranks.textScore() == null ? null : (Float) ranks.textScore().floatValue());
    }

    private static void number(JsonWriter json, @Nullable Number value) {
        switch (value) {
            case null -> json.json(null);
            case Float real -> json.value(real.floatValue());
            default -> json.value(value.longValue());
        }
    }

    private static void explain(JsonWriter json, Explanation explanation) {
        json.put('{');
        SearchExplanations.write(json, explanation.search());
        json.put(piece(",\"text_candidates\":"));
        number(json, explanation.textCandidates());
        json.put(piece(",\"mmr_candidates\":"));
        number(json, explanation.diversityCandidates());
        json.put(piece(",\"embed_micros\":"));
        number(json, explanation.embedMicros());
        json.put(piece(",\"total_micros\":")).value(explanation.totalMicros());
        json.put('}');
    }
}
