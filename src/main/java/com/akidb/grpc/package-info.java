/** The gRPC surface: parses requests, calls one service, renders the answer. No logic lives here. */
@NullMarked
@ApplicationModule(
        displayName = "grpc",
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
            "security",
            "ops"
        })
package com.akidb.grpc;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
