/** Finds the rows of tables that are most similar to a text, a vector or another row. */
@NullMarked
package com.akidb.table.similarity;

import org.jspecify.annotations.NullMarked;
