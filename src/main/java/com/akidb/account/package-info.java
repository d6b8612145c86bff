/** Whom the work of the server is charged to. Uses no other room. */
@NullMarked
@ApplicationModule(
        displayName = "account",
        allowedDependencies = {})
package com.akidb.account;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
