/** Model files on this disk: unpacked once, hashed once, shared with other processes. */
@NullMarked
package com.akidb.model.files;

import org.jspecify.annotations.NullMarked;
