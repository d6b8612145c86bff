package com.akidb.http.tables;

import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.akidb.table.TableSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads conditions on rows of tables. */
final class TableFilters {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private TableFilters() {}

    /**
     * Reads a condition: clauses, nested ones, or text with parameters.
     *
     * @param json what has been checked already
     */
    static Predicate parse(String json, String field, TableSchema schema) {
        JsonNode condition = MAPPER.readTree(json);
        return FilterParser.parse(condition, field, schema.fields());
    }
}
