@NullMarked
package com.akidb.security.audit;

import org.jspecify.annotations.NullMarked;
