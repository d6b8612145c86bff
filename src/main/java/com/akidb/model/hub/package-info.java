/** The Hugging Face hub as a client sees it: resolves, downloads, resumes, verifies. */
@NullMarked
package com.akidb.model.hub;

import org.jspecify.annotations.NullMarked;
