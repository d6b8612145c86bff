package com.akidb.http.collections;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.collection.CollectionService;
import com.akidb.collection.CollectionService.DocumentHits;
import com.akidb.collection.DocumentFields;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.tables.SearchAnswers;
import com.akidb.http.tables.SearchBody;
import com.akidb.table.Search;
import com.akidb.table.SearchService.SearchAnswer.Explanation;
import reactor.core.publisher.Mono;

/** {@code POST /collections/{collection}/search}: the nearest documents. */
final class SearchEndpoint implements Endpoint {

    private static final byte[] RESULTS = piece("{\"results\":");
    private static final byte[] EMBEDDED = piece(",\"query_embedded\":");
    private static final byte[] DURATION = piece(",\"duration_ms\":");
    private static final byte[] EXPLANATION = piece(",\"explanation\":{");
    private static final String METADATA = "include_metadata";
    private static final Fields FIELDS = SearchBody.Kind.COLLECTION.fields(METADATA);

    private final CollectionService service;

    SearchEndpoint(CollectionService service) {
        this.service = service;
    }

    @Override
    public Mono<Answer> handle(Call call) {
        long start = System.nanoTime();
        SearchBody body = new SearchBody(SearchBody.Kind.COLLECTION, new DocumentFields());
        boolean metadata = read(call.json(), body);
        Search search = body.inCollection(service.schema(call.variable(0)), CollectionService.VECTOR, call);
        return call.answer(
                () -> service.search(search, metadata),
                hits -> render(hits, body, metadata, (System.nanoTime() - start) / 1_000_000));
    }

    /** Reads the body; whether the answer shows metadata. */
    private static boolean read(JsonReader json, SearchBody body) {
        boolean[] metadata = {true};
        json.object(FIELDS, (member, name) -> {
            if (!name.equals(METADATA)) {
                body.member(member, name);
            } else if (!member.nothing()) {
                metadata[0] = member.bool();
            }
        });
        json.end();
        return metadata[0];
    }

    private static Answer render(DocumentHits hits, SearchBody body, boolean metadata, long millis) {
        JsonWriter json = new JsonWriter(128 + hits.hits().size() * 256)
                .vectorsAs(body.format())
                .put(RESULTS)
                .array(hits.hits(), (to, hit) -> DocumentEndpoints.write(to, hit, metadata));
        if (hits.truncated()) {
            json.put(SearchAnswers.TRUNCATED);
        }
        json.put(EMBEDDED).value(hits.queryEmbedded()).put(DURATION).value(millis);
        if (body.includesQueryEmbedding(false)) {
            SearchAnswers.query(json, hits.vector(), hits.fingerprint());
        }
        Explanation explanation = hits.explanation();
        if (explanation != null) {
            SearchAnswers.write(json.put(EXPLANATION), explanation.search());
            SearchAnswers.write(json, explanation.embedded());
            if (explanation.textCandidates() != null) {
                json.put(piece(",\"text_candidates\":"))
                        .value(explanation.textCandidates().longValue());
            }
            if (explanation.diversityCandidates() != null) {
                json.put(piece(",\"mmr_candidates\":"))
                        .value(explanation.diversityCandidates().longValue());
            }
            json.put('}');
        }
        return Answer.ok(json.put('}'));
    }
}
