/** What every request passes through, whatever its route: filters, routing, limits, bodies, answers and problems. */
@NullMarked
package com.akidb.http.server;

import org.jspecify.annotations.NullMarked;
