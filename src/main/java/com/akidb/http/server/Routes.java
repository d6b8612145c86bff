package com.akidb.http.server;

import java.util.List;

/** What one folder, or another room, adds to the REST surface; each is a bean. */
@FunctionalInterface
public interface Routes {

    /** Where routes stand that exist both bare and under the API's prefix. */
    List<String> PREFIXES = List.of("", "/api/v1");

    void addTo(RouteTable table);
}
