/** Moves rows between files and tables of a running server, over its HTTP API: CSV, NDJSON, Parquet. Runs without Spring. */
@NullMarked
@ApplicationModule(
        displayName = "transfer",
        allowedDependencies = {"error", "file"})
package com.akidb.transfer;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
