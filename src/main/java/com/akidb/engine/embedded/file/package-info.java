/** The database file: its connections and statements, its format and the upgrades from older ones, the lock of its directory. */
@NullMarked
package com.akidb.engine.embedded.file;

import org.jspecify.annotations.NullMarked;
