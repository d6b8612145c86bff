/** Copies of a data directory that can be trusted: made while the server runs, verified, restored whole or not at all. */
@NullMarked
@ApplicationModule(
        displayName = "backup",
        allowedDependencies = {"error", "file", "security", "engine :: storage"})
package com.akidb.backup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
