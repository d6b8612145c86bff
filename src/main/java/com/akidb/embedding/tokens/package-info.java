/** Text to token ids. */
@NullMarked
package com.akidb.embedding.tokens;

import org.jspecify.annotations.NullMarked;
