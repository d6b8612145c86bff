/** Synchronisation: push and pull. */
@NullMarked
package com.akidb.http.sync;

import org.jspecify.annotations.NullMarked;
