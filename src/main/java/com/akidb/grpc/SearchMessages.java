package com.akidb.grpc;

import com.akidb.collection.Document;
import com.akidb.collection.DocumentFields;
import com.akidb.collection.DocumentHits;
import com.akidb.collection.DocumentSearch;
import com.akidb.engine.SearchExplanation;
import com.akidb.grpc.proto.collection.Explanation;
import com.akidb.grpc.proto.collection.SearchRequest;
import com.akidb.grpc.proto.collection.SearchResponse;
import com.akidb.grpc.proto.collection.SearchResult;
import com.akidb.grpc.proto.collection.Step;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.google.protobuf.Value;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Searches as messages of {@code collection.proto}, and back. */
final class SearchMessages {

    private static final int DEFAULT_K = 10;

    private SearchMessages() {}

    static DocumentSearch search(SearchRequest message, Duration timeout) {
        return new DocumentSearch(
                message.getQuery().isEmpty() ? null : message.getQuery(),
                message.getQueryVectorCount() == 0 ? null : Floats.array(message.getQueryVectorList()),
                message.hasK() ? CollectionMessages.atMostInt(message.getK()) : DEFAULT_K,
                filter(message),
                message.hasThreshold() ? message.getThreshold() : null,
                message.getIncludeVectors(),
                !message.hasIncludeMetadata() || message.getIncludeMetadata(),
                message.getExplain(),
                timeout);
    }

    private static @Nullable Predicate filter(SearchRequest message) {
        if (!message.hasFilter() || message.getFilter().getKindCase() == Value.KindCase.NULL_VALUE) {
            return null;
        }
        return FilterParser.parse(ProtoJson.node(message.getFilter(), "filter"), "filter", new DocumentFields());
    }

    static SearchResponse response(DocumentHits hits) {
        SearchResponse.Builder response = SearchResponse.newBuilder().setQueryEmbedded(hits.queryEmbedded());
        for (DocumentHits.Hit hit : hits.hits()) {
            response.addResults(result(hit));
        }
        if (hits.explanation() != null) {
            response.setExplanation(explanation(hits.explanation()));
        }
        return response.build();
    }

    private static SearchResult result(DocumentHits.Hit hit) {
        Document document = hit.document();
        SearchResult.Builder result = SearchResult.newBuilder()
                .setId(document.id())
                .setScore(hit.score())
                .setText(document.text());
        if (document.metadata() != null) {
            result.setMetadata(ProtoJson.value(document.metadata()));
        }
        if (document.vector() != null) {
            for (float value : document.vector()) {
                result.addVector(value);
            }
        }
        return result.build();
    }

    private static Explanation explanation(SearchExplanation explanation) {
        Explanation.Builder message = Explanation.newBuilder()
                .setPlan(explanation.plan())
                .setReason(explanation.reason())
                .setRows(explanation.rows())
                .setPassing(explanation.passing())
                .setCandidates(explanation.candidates());
        explanation
                .stepMicros()
                .forEach((name, micros) ->
                        message.addSteps(Step.newBuilder().setName(name).setMicros(micros)));
        return message.build();
    }
}
