/** The REST surface: parses requests, calls one service, renders the answer. No logic lives here. */
@NullMarked
@ApplicationModule(
        displayName = "http",
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
            "collection",
            "table",
            "sync",
            "security",
            "backup",
            "ops"
        })
package com.akidb.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
