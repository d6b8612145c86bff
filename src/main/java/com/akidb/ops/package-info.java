/** Running the server: health, readiness, drain, metrics, start-up checks, the lock on the data directory. */
@NullMarked
@ApplicationModule(
        displayName = "ops",
        allowedDependencies = {"error", "concurrent", "memory", "model", "embedding", "engine", "collection"})
package com.akidb.ops;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
