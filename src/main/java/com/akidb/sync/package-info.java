/**
 * Keeps copies of tables at clients up to date and takes in what they changed, by the protocol of Replicache. A client pulls
 * what happened since it last did, and pushes mutations, each of which happens once.
 */
@NullMarked
@ApplicationModule(
        displayName = "sync",
        allowedDependencies = {"error", "account", "text", "concurrent", "memory", "query", "engine", "table"})
package com.akidb.sync;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
