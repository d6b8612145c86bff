/** The way of a write: queued, checked, applied by the one thread that writes, committed in groups. */
@NullMarked
package com.akidb.engine.embedded.write;

import org.jspecify.annotations.NullMarked;
