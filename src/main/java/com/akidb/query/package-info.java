/**
 * Conditions, expressions and selects as trees, what reads them from JSON and from text, and what they mean. Everything that
 * filters rows or computes of them speaks these.
 */
@NullMarked
@ApplicationModule(
        displayName = "query",
        allowedDependencies = {"error", "text"})
package com.akidb.query;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
