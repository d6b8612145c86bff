/** Filters: the values that predicates name, in memory by ordinal, and their evaluation to sets of ordinals. */
@NullMarked
package com.akidb.engine.embedded.index.filter;

import org.jspecify.annotations.NullMarked;
