/** The routes that embed: {@code /embed}, {@code /embeddings} and the OpenAI-compatible API. */
@NullMarked
package com.akidb.http.embed;

import org.jspecify.annotations.NullMarked;
