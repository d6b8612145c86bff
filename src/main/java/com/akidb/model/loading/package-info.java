/** Finds a model's files by its description: where they are, and how to get those that are missing. */
@NullMarked
package com.akidb.model.loading;

import org.jspecify.annotations.NullMarked;
