/** Whom the work of the server is done for: to whom it is charged, and what of the data that caller may see. Uses no other room. */
@NullMarked
@ApplicationModule(
        displayName = "account",
        allowedDependencies = {})
package com.akidb.account;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
