package com.akidb.http.collections;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.collection.CollectionService;
import com.akidb.collection.DocumentHits;
import com.akidb.collection.DocumentSearch;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.tables.SearchExplanations;
import reactor.core.publisher.Mono;

/** {@code POST /collections/{collection}/search}: the nearest documents. */
final class SearchEndpoint implements Endpoint {

    private static final byte[] RESULTS = piece("{\"results\":");
    private static final byte[] EMBEDDED = piece(",\"query_embedded\":");
    private static final byte[] DURATION = piece(",\"duration_ms\":");
    private static final byte[] EXPLANATION = piece(",\"explanation\":{");

    private final CollectionService service;

    SearchEndpoint(CollectionService service) {
        this.service = service;
    }

    @Override
    public Mono<Answer> handle(Call call) {
        long start = System.nanoTime();
        DocumentSearch search = SearchBody.read(call.json(), call.timeLeft());
        return call.answer(
                () -> service.search(call.variable(0), search, call.account()),
                hits -> render(hits, search.includeMetadata(), (System.nanoTime() - start) / 1_000_000));
    }

    private static Answer render(DocumentHits hits, boolean metadata, long millis) {
        JsonWriter json = new JsonWriter(128 + hits.hits().size() * 256)
                .put(RESULTS)
                .array(hits.hits(), (to, hit) -> DocumentWriter.write(to, hit.document(), hit.score(), metadata));
        json.put(EMBEDDED).value(hits.queryEmbedded()).put(DURATION).value(millis);
        if (hits.explanation() != null) {
            SearchExplanations.write(json.put(EXPLANATION), hits.explanation());
            json.put('}');
        }
        return Answer.ok(json.put('}'));
    }
}
