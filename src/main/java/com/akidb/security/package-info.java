/** Who may reach the server: the rule for bind addresses, API keys, TLS. */
@NullMarked
@ApplicationModule(
        displayName = "security",
        allowedDependencies = {"error", "configuration"})
package com.akidb.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
