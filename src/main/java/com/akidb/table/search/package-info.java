/** Finds the rows of tables and collections that are most similar to a text, a vector or another row. */
@NullMarked
package com.akidb.table.search;

import org.jspecify.annotations.NullMarked;
