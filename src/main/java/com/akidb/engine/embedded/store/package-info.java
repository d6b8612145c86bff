/** Rows on disk: SQLite with one writer, group commit and a change log. */
@NullMarked
package com.akidb.engine.embedded.store;

import org.jspecify.annotations.NullMarked;
