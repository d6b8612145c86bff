package com.akidb.http.pages;

import com.akidb.http.server.Routes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The paths of what the server says about itself. */
@Configuration(proxyBeanMethods = false)
class PageRoutes {

    @Bean
    Routes pagePaths(ObjectProvider<BuildProperties> build) {
        BuildProperties built = build.getIfAvailable();
        String version = built == null || built.getVersion() == null ? "unknown" : built.getVersion();
        return table -> {
            ApiDescription description = new ApiDescription(table);
            table.addOpen("GET", ApiDescription.PATH, description);
            table.addOpen("GET", "/openapi.json", description);
            new ApiPage().addTo(table);
            new ConsolePage().addTo(table);
            new WelcomePage(version).addTo(table);
        };
    }
}
