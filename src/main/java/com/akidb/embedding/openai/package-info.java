/** Models that outside providers run behind an OpenAI-compatible API. Only here do texts leave the machine. */
@NullMarked
package com.akidb.embedding.openai;

import org.jspecify.annotations.NullMarked;
