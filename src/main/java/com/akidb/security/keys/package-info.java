@NullMarked
package com.akidb.security.keys;

import org.jspecify.annotations.NullMarked;
