/** SQL of SQLite: conditions, orders and expressions are written as it here, and selects over several tables are run. */
@NullMarked
package com.akidb.engine.embedded.sql;

import org.jspecify.annotations.NullMarked;
