/** The full-precision vectors of a column in off-heap memory, by ordinal. */
@NullMarked
package com.akidb.engine.embedded.index.vectors;

import org.jspecify.annotations.NullMarked;
