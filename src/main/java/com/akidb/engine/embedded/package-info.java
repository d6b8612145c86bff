/** The engine inside this process: SQLite is the truth, everything in memory can be rebuilt from it. */
@NullMarked
package com.akidb.engine.embedded;

import org.jspecify.annotations.NullMarked;
