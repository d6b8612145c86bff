/** A client of the Hugging Face hub: resolves, downloads, resumes and verifies files. */
@NullMarked
package com.akidb.model.hub;

import org.jspecify.annotations.NullMarked;
