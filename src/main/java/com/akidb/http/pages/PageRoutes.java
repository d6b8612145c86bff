package com.akidb.http.pages;

import com.akidb.http.server.Routes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The paths of what the server says about itself. */
@Configuration(proxyBeanMethods = false)
class PageRoutes {

    @Bean
    Routes pagePaths() {
        return table -> {
            table.addOpen("GET", ApiDescription.PATH, new ApiDescription(table));
            new ApiPage().addTo(table);
        };
    }
}
