/** Quantised vectors, two bits per dimension, and the scan over them that finds the candidates of a search. */
@NullMarked
package com.akidb.engine.embedded.index.flat;

import org.jspecify.annotations.NullMarked;
