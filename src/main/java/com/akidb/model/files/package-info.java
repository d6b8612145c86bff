/** Model files on this disk: unpacked once, hashed once, shared between processes. */
@NullMarked
package com.akidb.model.files;

import org.jspecify.annotations.NullMarked;
