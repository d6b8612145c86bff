/** Which models there are and where their files are: the registry read from YAML, downloads from the hub, the cache directory. Running models is the embedding room's work. */
@NullMarked
@ApplicationModule(
        displayName = "model",
        allowedDependencies = {"error", "text", "file", "configuration"})
package com.akidb.model;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
