/** Collections and their documents. */
@NullMarked
package com.akidb.http.collections;

import org.jspecify.annotations.NullMarked;
