/** Reads request bodies and writes answers in JSON: strict, bounded, and fast where vectors are. */
@NullMarked
package com.akidb.http.json;

import org.jspecify.annotations.NullMarked;
