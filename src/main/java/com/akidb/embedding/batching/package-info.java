/** Gathers the texts of many callers into calls of a backend. */
@NullMarked
package com.akidb.embedding.batching;

import org.jspecify.annotations.NullMarked;
