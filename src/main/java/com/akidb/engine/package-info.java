/** Rows and vectors, durable and searchable. TableEngine is the seam; the embedded engine (SQLite and in-memory indexes) sits behind it. */
@NullMarked
@ApplicationModule(
        displayName = "engine",
        allowedDependencies = {"account", "error", "text", "concurrent", "memory", "file", "vector", "query"})
package com.akidb.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
