/** Rows that come as a stream of Arrow IPC. */
@NullMarked
package com.akidb.http.arrow;

import org.jspecify.annotations.NullMarked;
