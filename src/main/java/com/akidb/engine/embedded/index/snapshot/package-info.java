/** Files that keep what is costly to build again, so that a start finds it. They are never trusted and never needed. */
@NullMarked
package com.akidb.engine.embedded.index.snapshot;

import org.jspecify.annotations.NullMarked;
