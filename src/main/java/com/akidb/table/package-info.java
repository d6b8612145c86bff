/** Tables of typed rows. Checks names and values, fills computed cells, and reads rows by condition or by similarity. */
@NullMarked
@ApplicationModule(
        displayName = "table",
        allowedDependencies = {
            "error",
            "account",
            "text",
            "concurrent",
            "vector",
            "model",
            "query",
            "engine",
            "embedding"
        })
package com.akidb.table;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
