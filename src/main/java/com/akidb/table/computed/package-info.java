/** Computed columns: the cells of rows being written, and in the background those of existing rows. */
@NullMarked
package com.akidb.table.computed;

import org.jspecify.annotations.NullMarked;
