/** Turns texts into vectors: caches, tokenises, batches, and runs the backends behind EmbeddingManager. */
@NullMarked
@ApplicationModule(
        displayName = "embedding",
        allowedDependencies = {"error", "account", "text", "concurrent", "memory", "vector", "model"})
package com.akidb.embedding;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
