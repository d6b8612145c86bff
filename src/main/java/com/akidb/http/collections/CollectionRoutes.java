package com.akidb.http.collections;

import com.akidb.collection.CollectionService;
import com.akidb.http.server.Routes;
import com.akidb.security.Scope;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The paths of collections. */
@Configuration(proxyBeanMethods = false)
class CollectionRoutes {

    @Bean
    Routes collectionPaths(CollectionService service) {
        DocumentEndpoints documents = new DocumentEndpoints(service);
        return table -> {
            for (String prefix : Routes.PREFIXES) {
                new CollectionEndpoints(service).addTo(table, prefix);
                String collection = prefix + "/collections/{collection}";
                documents.addTo(table, collection + "/documents");
                documents.addTo(table, collection + "/docs");
                table.add("POST", collection + "/search", Scope.READ, new SearchEndpoint(service));
            }
        };
    }
}
