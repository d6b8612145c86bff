/** Collections of documents: tables with the fixed columns id, text, metadata and vector. Embeds what comes without a vector. */
@NullMarked
@ApplicationModule(
        displayName = "collection",
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
            "embedding",
            "table"
        })
package com.akidb.collection;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
