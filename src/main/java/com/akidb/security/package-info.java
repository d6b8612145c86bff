/** Who may reach the server and do what: the rule for bind addresses, API keys and their limits, TLS, the audit log. */
@NullMarked
@ApplicationModule(
        displayName = "security",
        allowedDependencies = {"error", "account", "file", "configuration"})
package com.akidb.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
