/** Reads the descriptions of models from YAML: the built-in ones and the user's, reporting every mistake in them. */
@NullMarked
package com.akidb.model.registry;

import org.jspecify.annotations.NullMarked;
