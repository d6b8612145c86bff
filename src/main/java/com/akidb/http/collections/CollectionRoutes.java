package com.akidb.http.collections;

import com.akidb.collection.CollectionService;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.http.HttpSettings;
import com.akidb.http.server.Routes;
import com.akidb.security.Scope;
import com.akidb.table.RowService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The paths of collections. */
@Configuration(proxyBeanMethods = false)
class CollectionRoutes {

    @Bean
    Routes collectionPaths(CollectionService service, RowService rows, EmbeddingManager models, HttpSettings settings) {
        DocumentEndpoints documents = new DocumentEndpoints(service, rows, settings.idleTimeout());
        return table -> {
            for (String prefix : Routes.PREFIXES) {
                new CollectionEndpoints(service, models).addTo(table, prefix);
                String collection = prefix + "/collections/{collection}";
                documents.addTo(table, collection + "/documents");
                documents.addTo(table, collection + "/docs");
                documents.addQueryTo(table, collection + "/query");
                table.add("POST", collection + "/search", Scope.READ, new SearchEndpoint(service));
            }
        };
    }
}
