package com.akidb.http.collections;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.collection.CollectionService;
import com.akidb.collection.DocumentHits;
import com.akidb.collection.DocumentSearch;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.tables.SearchExplanations;
import java.util.List;
import reactor.core.publisher.Mono;

/** {@code POST /collections/{collection}/search}: the nearest documents. */
final class SearchEndpoint implements Endpoint {

    private static final byte[] RESULTS = piece("{\"results\":");
    private static final byte[] EMBEDDED = piece(",\"query_embedded\":");
    private static final byte[] DURATION = piece(",\"duration_ms\":");
    private static final byte[] EXPLANATION = piece(",\"explanation\":{");

    private final CollectionService service;
    private final EmbeddingManager manager;

    SearchEndpoint(CollectionService service, EmbeddingManager manager) {
        this.service = service;
        this.manager = manager;
    }

    @Override
    public Mono<Answer> handle(Call call) {
        long start = System.nanoTime();
        DocumentSearch search = SearchBody.read(call.json(), call.timeLeft());
        call.chargeTexts(search.query() == null || search.vector() != null ? 0 : 1);
        return call.answer(
                () -> call.off(isCheap(search), () -> service.search(call.variable(0), search)),
                hits -> render(hits, search.includeMetadata(), (System.nanoTime() - start) / 1_000_000));
    }

    private boolean isCheap(DocumentSearch search) {
        return search.vector() != null || search.query() == null || manager.isCheap(List.of(search.query()));
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
