package com.akidb.grpc;

import com.akidb.account.Account;
import com.akidb.collection.CollectionService;
import com.akidb.collection.CollectionService.Document;
import com.akidb.collection.CollectionService.DocumentHits;
import com.akidb.collection.DocumentFields;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.engine.ColumnType;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.VectorSearch;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.grpc.proto.collection.Explanation;
import com.akidb.grpc.proto.collection.Group;
import com.akidb.grpc.proto.collection.Hybrid;
import com.akidb.grpc.proto.collection.Mmr;
import com.akidb.grpc.proto.collection.Ranks;
import com.akidb.grpc.proto.collection.SearchRequest;
import com.akidb.grpc.proto.collection.SearchResponse;
import com.akidb.grpc.proto.collection.SearchResult;
import com.akidb.grpc.proto.collection.Step;
import com.akidb.query.FieldPath;
import com.akidb.query.FilterParser;
import com.akidb.query.Json;
import com.akidb.query.Predicate;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Search;
import com.akidb.table.Search.Diversity;
import com.akidb.table.Search.Form;
import com.akidb.table.Search.Grouping;
import com.akidb.table.Search.Probe;
import com.akidb.table.Search.Ranking;
import com.akidb.table.SearchService.SearchAnswer;
import com.akidb.table.TableSchema;
import com.akidb.vector.Metric;
import com.google.protobuf.Value;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Searches as messages of {@code collection.proto}, and back. */
final class SearchMessages {

    private SearchMessages() {}

    static Search search(SearchRequest message, TableSchema collection, Duration timeout, Account account) {
        return new Search(
                collection,
                CollectionService.VECTOR,
                probe(message),
                message.hasK() ? CollectionMessages.atMostInt(message.getK()) : Search.DEFAULT_LIMIT,
                CollectionMessages.atMostInt(message.getOffset()),
                filter(
                        message.hasFilter() ? message.getFilter() : null,
                        message.hasFilterJson() ? message.getFilterJson() : null),
                message.hasThreshold() ? message.getThreshold() : null,
                message.getIncludeVectors(),
                options(message),
                ranking(message, collection),
                message.getExplain(),
                Form.COLLECTION,
                timeout,
                account);
    }

    private static Probe probe(SearchRequest message) {
        if (message.hasLike()) {
            if (!message.getQuery().isEmpty() || message.getQueryVectorCount() > 0) {
                String field = message.getQuery().isEmpty() ? "query_vector" : "query";
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        field + " cannot be used together with like; use one of them",
                        field);
            }
            return new Probe.Like(message.getLike());
        }
        if (message.getQueryVectorCount() > 0) {
            return new Probe.Vector(CollectionMessages.floats(message.getQueryVectorList()));
        }
        if (message.getQuery().isEmpty()) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "query or query_vector is required", "query");
        }
        InputType type =
                message.getInputType().isEmpty() ? null : InputType.parse(message.getInputType(), "input_type");
        return new Probe.Text(message.getQuery(), type);
    }

    private static VectorSearch.Options options(SearchRequest message) {
        if (message.getMetric().isEmpty() && !message.hasEffort() && !message.getExact()) {
            return VectorSearch.Options.DEFAULT;
        }
        return new VectorSearch.Options(
                message.getMetric().isEmpty() ? null : Metric.parse(message.getMetric(), "metric"),
                message.hasEffort() ? CollectionMessages.atMostInt(message.getEffort()) : null,
                message.getExact());
    }

    private static Ranking ranking(SearchRequest message, TableSchema collection) {
        if (!message.hasHybrid() && !message.hasMmr() && !message.hasGroup()) {
            return Ranking.BY_SIMILARITY;
        }
        return new Ranking(
                message.hasHybrid() ? hybrid(message.getHybrid(), message.getQuery()) : null,
                message.hasMmr() ? diversity(message.getMmr()) : null,
                message.hasGroup() ? grouping(message.getGroup(), collection) : null,
                List.of());
    }

    private static Search.Hybrid hybrid(Hybrid message, String words) {
        return new Search.Hybrid(
                List.of(CollectionService.TEXT),
                words.isEmpty() ? null : words,
                message.hasSimilarityWeight() ? message.getSimilarityWeight() : 1,
                message.hasTextWeight() ? message.getTextWeight() : 1);
    }

    private static Diversity diversity(Mmr message) {
        return new Diversity(
                message.hasLambda() ? message.getLambda() : Diversity.DEFAULT_LAMBDA,
                message.hasCandidates()
                        ? CollectionMessages.atMostInt(message.getCandidates())
                        : Diversity.DEFAULT_CANDIDATES);
    }

    private static Grouping grouping(Group message, TableSchema collection) {
        FieldPath field = new DocumentFields().resolve(message.getBy(), "group.by");
        ColumnType type = field.path().isEmpty()
                ? collection.column(field.column(), "group.by").type()
                : ColumnType.JSON;
        return new Grouping(
                new Selected.Field(message.getBy(), field, type),
                message.hasSize() ? CollectionMessages.atMostInt(message.getSize()) : Grouping.DEFAULT_SIZE);
    }

    /** A filter on documents, as a value, as JSON text or as both; null if there is none, or it is JSON's null. */
    static @Nullable Predicate filter(@Nullable Value value, @Nullable String text) {
        JsonNode filter = ProtoJson.node(value, text, "filter");
        return filter == null || filter.isNull()
                ? null
                : FilterParser.parse(filter, text == null ? "filter" : "filter_json", new DocumentFields());
    }

    static SearchResponse response(DocumentHits hits) {
        SearchResponse.Builder response =
                SearchResponse.newBuilder().setTruncated(hits.truncated()).setQueryEmbedded(hits.queryEmbedded());
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
            result.setMetadata(ProtoJson.value(document.metadata())).setMetadataJson(document.metadata());
        }
        if (document.vector() != null) {
            for (float value : document.vector()) {
                result.addVector(value);
            }
        }
        if (hit.ranks() != null) {
            result.setRanks(ranks(hit.ranks()));
        }
        if (hit.group() instanceof Json(String json)) {
            result.setGroup(ProtoJson.value(json)).setGroupJson(json);
        } else if (hit.group() instanceof String text) {
            result.setGroup(Value.newBuilder().setStringValue(text)).setGroupJson(ProtoJson.text(text));
        }
        return result.build();
    }

    private static Ranks ranks(SearchAnswer.Ranks ranks) {
        Ranks.Builder message = Ranks.newBuilder();
        if (ranks.similarity() != null) {
            message.setSimilarity(ranks.similarity());
        }
        if (ranks.text() != null) {
            message.setText(ranks.text());
        }
        if (ranks.similarityScore() != null) {
            message.setSimilarityScore(ranks.similarityScore());
        }
        if (ranks.textScore() != null) {
            message.setTextScore(ranks.textScore().floatValue());
        }
        return message.build();
    }

    private static Explanation explanation(SearchAnswer.Explanation whole) {
        SearchExplanation explanation = whole.search();
        Explanation.Builder message = Explanation.newBuilder()
                .setPlan(explanation.plan())
                .setReason(explanation.reason())
                .setRows(explanation.rows())
                .setPassing(explanation.passing())
                .setCandidates(explanation.candidates());
        if (whole.textCandidates() != null) {
            message.setTextCandidates(whole.textCandidates());
        }
        if (whole.diversityCandidates() != null) {
            message.setMmrCandidates(whole.diversityCandidates());
        }
        if (whole.embedded() != null) {
            message.setEmbedded(com.akidb.grpc.proto.collection.EmbeddedQuery.newBuilder()
                    .setModel(whole.embedded().model())
                    .setInputType(whole.embedded().inputType().wireName())
                    .setPrompt(whole.embedded().prompt()));
        }
        explanation
                .stepMicros()
                .forEach((name, micros) ->
                        message.addSteps(Step.newBuilder().setName(name).setMicros(micros)));
        return message.build();
    }
}
