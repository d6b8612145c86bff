package com.akidb.http.collections;

import com.akidb.collection.DocumentFields;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import tools.jackson.databind.json.JsonMapper;

/** Reads the filter of a search on documents from its JSON, which has been checked already. */
final class Filters {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Filters() {}

    static Predicate parse(String json) {
        return FilterParser.parse(MAPPER.readTree(json), "filter", new DocumentFields());
    }
}
