/** Where settings come from and what is wrong with them: reads the embedding configuration file and stops the start with all problems listed together. */
@NullMarked
@ApplicationModule(
        displayName = "configuration",
        allowedDependencies = {"error"})
package com.akidb.configuration;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
