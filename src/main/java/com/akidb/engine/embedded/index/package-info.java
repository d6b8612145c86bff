/** What is kept in memory to search a table: vectors, quantised vectors, graphs, columns for filters, and the planner. */
@NullMarked
package com.akidb.engine.embedded.index;

import org.jspecify.annotations.NullMarked;
