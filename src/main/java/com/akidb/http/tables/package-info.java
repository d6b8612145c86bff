/** The routes of tables, their columns, indexes and rows, of similarity search, and of SQL. */
@NullMarked
package com.akidb.http.tables;

import org.jspecify.annotations.NullMarked;
