/** Models of outside providers behind an API that speaks OpenAI's dialect. Texts leave the machine here and nowhere else. */
@NullMarked
package com.akidb.embedding.openai;

import org.jspecify.annotations.NullMarked;
