/** The command line of scripts/akidb beside the server itself: API keys, import, export, backup, restore, verify. Runs without Spring, in a process of its own. */
@NullMarked
@ApplicationModule(
        displayName = "command",
        allowedDependencies = {"error", "account", "security", "transfer", "backup"})
package com.akidb.command;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
