/**
 * Copies of a data directory that can be trusted: made while the server runs, verified, restored whole or not at all; and what
 * else is done for the data of a running server: reading it all, giving back room.
 */
@NullMarked
@ApplicationModule(
        displayName = "backup",
        allowedDependencies = {"error", "file", "security", "engine", "engine :: storage"})
package com.akidb.backup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
