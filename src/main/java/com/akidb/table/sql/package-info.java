/** Answers selects of users: what they compare with is embedded, and the vector index answers what it can. */
@NullMarked
package com.akidb.table.sql;

import org.jspecify.annotations.NullMarked;
