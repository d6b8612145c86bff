/** Texts to vectors: {@code /embed}, {@code /embeddings} and the dialect of OpenAI. */
@NullMarked
package com.akidb.http.embed;

import org.jspecify.annotations.NullMarked;
