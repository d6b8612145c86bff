/** From a model's description to its files: which place holds them, and what to do if none does. */
@NullMarked
package com.akidb.model.loading;

import org.jspecify.annotations.NullMarked;
