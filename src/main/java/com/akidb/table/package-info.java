/**
 * Tables of typed rows: their columns and indexes, writing and reading rows, columns computed by embedding, similarity
 * search and SQL.
 */
@NullMarked
@ApplicationModule(
        displayName = "table",
        allowedDependencies = {
            "error",
            "account",
            "text",
            "concurrent",
            "memory",
            "vector",
            "model",
            "query",
            "engine",
            "embedding"
        })
package com.akidb.table;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
