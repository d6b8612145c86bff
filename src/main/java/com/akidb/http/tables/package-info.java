/** Tables, their rows, columns and indexes, searches in them, and SQL. */
@NullMarked
package com.akidb.http.tables;

import org.jspecify.annotations.NullMarked;
