package com.akidb.grpc;

import com.akidb.account.Account;
import com.akidb.collection.CollectionService;
import com.akidb.collection.Document;
import com.akidb.collection.DocumentFields;
import com.akidb.collection.DocumentHits;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.VectorSearch;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.grpc.proto.collection.Explanation;
import com.akidb.grpc.proto.collection.SearchRequest;
import com.akidb.grpc.proto.collection.SearchResponse;
import com.akidb.grpc.proto.collection.SearchResult;
import com.akidb.grpc.proto.collection.Step;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.akidb.table.Search;
import com.akidb.table.Search.Form;
import com.akidb.table.Search.Probe;
import com.akidb.table.Search.Ranking;
import com.akidb.table.TableSchema;
import com.google.protobuf.Value;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Searches as messages of {@code collection.proto}, and back. */
final class SearchMessages {

    private SearchMessages() {}

    static Search search(SearchRequest message, TableSchema collection, Duration timeout, Account account) {
        return new Search(
                collection,
                CollectionService.VECTOR,
                probe(message),
                message.hasK() ? CollectionMessages.atMostInt(message.getK()) : Search.DEFAULT_LIMIT,
                0,
                filter(message),
                message.hasThreshold() ? message.getThreshold() : null,
                message.getIncludeVectors(),
                VectorSearch.Options.DEFAULT,
                Ranking.BY_SIMILARITY,
                message.getExplain(),
                Form.COLLECTION,
                timeout,
                account);
    }

    private static Probe probe(SearchRequest message) {
        if (message.getQueryVectorCount() > 0) {
            return new Probe.Vector(Floats.array(message.getQueryVectorList()));
        }
        if (message.getQuery().isEmpty()) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "query or query_vector is required", "query");
        }
        return new Probe.Text(message.getQuery(), null);
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
            response.setExplanation(explanation(hits.explanation().search()));
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
