/**
 * Reads selects of users, refuses whatever is not on its lists, and writes selects of its own: no text of a user's becomes
 * SQL.
 */
@NullMarked
package com.akidb.table.sql;

import org.jspecify.annotations.NullMarked;
