/** Ordinals: which row each stands for and which of them are alive. Every write of a row takes a fresh ordinal, so what is known of an ordinal never changes. */
@NullMarked
package com.akidb.engine.embedded.index.rows;

import org.jspecify.annotations.NullMarked;
