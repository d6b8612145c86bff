/** How much memory what is in passing may take: shares of the heap, and who holds how much of them. */
@NullMarked
@ApplicationModule(
        displayName = "memory",
        allowedDependencies = {"error"})
package com.akidb.memory;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
