/** Which tables there are, with their columns and declared indexes, and what SQLite calls their parts. */
@NullMarked
package com.akidb.engine.embedded.catalog;

import org.jspecify.annotations.NullMarked;
