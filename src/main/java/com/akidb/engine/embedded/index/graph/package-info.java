/** The JVector graph over a column's vectors, for tables that are too large to scan. */
@NullMarked
package com.akidb.engine.embedded.index.graph;

import org.jspecify.annotations.NullMarked;
