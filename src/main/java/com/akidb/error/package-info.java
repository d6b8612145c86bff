/**
 * The one family of failures that AkiDB reports to its callers. Every failure has a stable code, a message written for
 * people and, where one is to blame, the field. Uses no other room.
 */
@NullMarked
@ApplicationModule(
        displayName = "error",
        allowedDependencies = {})
package com.akidb.error;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
