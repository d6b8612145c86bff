/** SQL queries: embeds the texts they compare with, and answers from the vector index what it can. */
@NullMarked
package com.akidb.table.sql;

import org.jspecify.annotations.NullMarked;
