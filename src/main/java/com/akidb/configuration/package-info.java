/** Where settings come from and what is wrong with them: reads the embedding configuration file and stops the start with all problems listed together. Uses no other room. */
@NullMarked
@ApplicationModule(
        displayName = "configuration",
        allowedDependencies = {})
package com.akidb.configuration;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
