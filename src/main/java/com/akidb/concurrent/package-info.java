/** What the JDK leaves to the users of its futures. Work keeps the memory of the request that it is done for. */
@NullMarked
@ApplicationModule(
        displayName = "concurrent",
        allowedDependencies = {"memory"})
package com.akidb.concurrent;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
