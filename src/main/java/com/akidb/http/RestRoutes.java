package com.akidb.http;

import com.akidb.collection.CollectionService;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.model.EmbeddingsApiDefaults;
import com.akidb.security.Scope;
import com.akidb.table.ComputedColumnService;
import com.akidb.table.IndexService;
import com.akidb.table.RowService;
import com.akidb.table.SimilarityService;
import com.akidb.table.SqlService;
import com.akidb.table.TableService;
import java.time.Duration;
import java.util.List;

/** The paths of the REST surface. Embedding, collections and SQL exist bare and under /api/v1. */
final class RestRoutes {

    private static final List<String> PREFIXES = List.of("", "/api/v1");

    private RestRoutes() {}

    static void addEmbedding(RouteTable routes, EmbeddingManager manager, EmbeddingsApiDefaults defaults) {
        EmbeddingsEndpoints embeddings = new EmbeddingsEndpoints(manager, defaults.defaultModel());
        for (String prefix : PREFIXES) {
            routes.add("POST", prefix + "/embed", Scope.READ, new EmbedEndpoint(manager));
            embeddings.addTo(routes, prefix);
        }
        new OpenAiEndpoints(manager).addTo(routes);
    }

    static void addSql(RouteTable routes, SqlService sql) {
        for (String prefix : PREFIXES) {
            routes.add("POST", prefix + "/sql", Scope.READ, new SqlEndpoint(sql));
        }
    }

    static void addCollections(RouteTable routes, CollectionService service, EmbeddingManager manager) {
        for (String prefix : PREFIXES) {
            new CollectionEndpoints(service).addTo(routes, prefix);
            String collection = prefix + "/collections/{collection}";
            DocumentEndpoints documents = new DocumentEndpoints(service, manager);
            documents.addTo(routes, collection + "/documents");
            documents.addTo(routes, collection + "/docs");
            routes.add(
                    "POST", collection + "/search", Scope.READ, new SearchEndpoint(service, manager, Filters::parse));
        }
    }

    /** What tables have embedding columns for. */
    static void addSimilarity(
            RouteTable routes,
            RowService rows,
            ComputedColumnService computed,
            SimilarityService similarity,
            EmbeddingManager manager) {
        String table = "/api/v1/tables/{table}";
        new ComputedEndpoints(computed, rows).addTo(routes, table + "/columns/computed");
        routes.add("POST", table + "/search/similarity", Scope.READ, new SimilarityEndpoint(similarity, rows, manager));
    }

    /** Tables are new, so they have one address only. */
    static void addTables(
            RouteTable routes, TableService tables, RowService rows, IndexService indexes, Duration stall) {
        String path = "/api/v1/tables";
        new TableEndpoints(tables).addTo(routes, path);
        new RowEndpoints(rows).addTo(routes, path + "/{table}/rows");
        new IndexEndpoints(indexes).addTo(routes, path + "/{table}/indexes");
        routes.add("POST", path + "/{table}/query", Scope.READ, new QueryEndpoint(rows, stall));
    }
}
