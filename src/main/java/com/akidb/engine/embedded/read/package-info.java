/** Reads of one table: rows, queries, words, and what its index is filled from. */
@NullMarked
package com.akidb.engine.embedded.read;

import org.jspecify.annotations.NullMarked;
