package com.akidb.http.embed;

import com.akidb.embedding.ClientModels;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.Routes;
import com.akidb.model.EmbeddingsApiDefaults;
import com.akidb.security.Scope;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The paths that embed. */
@Configuration(proxyBeanMethods = false)
class EmbedRoutes {

    @Bean
    Routes embeddingPaths(EmbeddingManager manager, EmbeddingsApiDefaults defaults, ClientModels models) {
        EmbeddingsEndpoints embeddings = new EmbeddingsEndpoints(manager, defaults.defaultModel());
        return table -> {
            for (String prefix : Routes.PREFIXES) {
                table.add(
                        "POST",
                        prefix + "/embed",
                        Scope.READ,
                        Endpoint.with(new EmbedEndpoint(manager), Endpoint.Extra.LIMITED));
                embeddings.addTo(table, prefix);
                table.add(
                        "GET",
                        prefix + "/models/{model}/files/{file}",
                        Scope.READ,
                        Endpoint.with(new ModelFileEndpoint(models), Endpoint.Extra.LIMITED, Endpoint.Extra.BYTES_OUT));
            }
            new OpenAiEndpoints(manager).addTo(table);
        };
    }
}
