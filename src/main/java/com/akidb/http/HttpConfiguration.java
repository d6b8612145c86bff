package com.akidb.http;

import com.akidb.collection.CollectionService;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.model.EmbeddingsApiDefaults;
import com.akidb.security.Audit;
import com.akidb.security.CorsSettings;
import com.akidb.security.Gate;
import com.akidb.table.ComputedColumnService;
import com.akidb.table.IndexService;
import com.akidb.table.RowService;
import com.akidb.table.SimilarityService;
import com.akidb.table.SqlService;
import com.akidb.table.TableService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.cors.reactive.CorsWebFilter;

/** Puts the REST surface together. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration {

    @Bean
    RouteTable restRoutes(
            EmbeddingManager embedding,
            EmbeddingsApiDefaults embeddingsApi,
            CollectionService collections,
            TableService tables,
            RowService rows,
            ComputedColumnService computed,
            SimilarityService similarity,
            IndexService indexes,
            SqlService sql,
            HttpSettings settings) {
        RouteTable routes = new RouteTable();
        routes.addOpen("GET", ApiDescription.PATH, new ApiDescription(routes));
        new ApiPage().addTo(routes);
        RestRoutes.addEmbedding(routes, embedding, embeddingsApi);
        RestRoutes.addSql(routes, sql);
        RestRoutes.addCollections(routes, collections, embedding);
        RestRoutes.addTables(routes, tables, rows, indexes, settings.idleTimeout());
        RestRoutes.addSimilarity(routes, rows, computed, similarity, embedding);
        return routes;
    }

    @Bean
    Admission restAdmission(HttpSettings settings) {
        return new Admission(
                settings.maxConcurrentRequests(), settings.maxBufferedBodies().toBytes());
    }

    @Bean
    Offload restOffload() {
        return new Offload();
    }

    @Bean
    RestMapping restMapping(HttpSettings settings, Admission admission, Offload offload) {
        return new RestMapping(new RestHandler(settings, admission, offload));
    }

    @Bean
    KeyFilter keyFilter(RouteTable restRoutes, Gate gate, Audit audit) {
        return new KeyFilter(restRoutes, gate, audit);
    }

    /** Before keys are asked for: browsers send none with their questions about origins. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 150)
    CorsWebFilter corsFilter(CorsSettings settings) {
        return Origins.filter(settings);
    }

    @Bean
    SlowClients slowClients(HttpSettings settings) {
        return new SlowClients(settings);
    }

    @Bean
    ErrorHandler restErrorHandler() {
        return new ErrorHandler();
    }

    @Bean
    Http10KeepAlive http10KeepAlive() {
        return new Http10KeepAlive();
    }

    @Bean
    RequestIdFilter requestIdFilter() {
        return new RequestIdFilter();
    }
}
