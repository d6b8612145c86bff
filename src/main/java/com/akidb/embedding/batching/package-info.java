/** Puts texts of many callers together into backend calls. */
@NullMarked
package com.akidb.embedding.batching;

import org.jspecify.annotations.NullMarked;
