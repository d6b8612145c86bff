/** Texts that callers send: whether they are well-formed Unicode, what names may be made of, and how a message shows them. */
@NullMarked
@ApplicationModule(
        displayName = "text",
        allowedDependencies = {"error"})
package com.akidb.text;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
