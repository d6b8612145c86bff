/** Files that are there whole or not at all. Uses no other room. */
@NullMarked
@ApplicationModule(
        displayName = "file",
        allowedDependencies = {})
package com.akidb.file;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
