/** One tree of conditions over named fields, and its parsers. Everything that filters rows speaks it. */
@NullMarked
@ApplicationModule(
        displayName = "query",
        allowedDependencies = {"error", "text"})
package com.akidb.query;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
