/** Computes embedding columns: cells of rows that are written, and in the background those of rows that are there. */
@NullMarked
package com.akidb.table.computed;

import org.jspecify.annotations.NullMarked;
