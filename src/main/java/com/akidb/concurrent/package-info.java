/** What the JDK leaves to the users of its futures. Uses no other room. */
@NullMarked
@ApplicationModule(
        displayName = "concurrent",
        allowedDependencies = {})
package com.akidb.concurrent;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
