/** The application itself; everything it does lives in the rooms below. */
@NullMarked
package com.akidb;

import org.jspecify.annotations.NullMarked;
