/** Runs selects over several tables within limits of rows, memory and time. */
@NullMarked
package com.akidb.engine.embedded.sql;

import org.jspecify.annotations.NullMarked;
