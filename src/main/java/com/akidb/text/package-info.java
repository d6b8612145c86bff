/**
 * Texts that callers send: whether they are well-formed Unicode, what names may be made of, how a message shows them, and by
 * which terms they are found.
 */
@NullMarked
@ApplicationModule(
        displayName = "text",
        allowedDependencies = {"error"})
package com.akidb.text;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
