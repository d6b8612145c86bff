/** Similarity search: by text, vector or row, with words, diversity, groups and other orders. */
@NullMarked
package com.akidb.table.search;

import org.jspecify.annotations.NullMarked;
