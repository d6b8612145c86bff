/** The way of every request: filters, routes, limits, bodies, answers and problems, whatever the route is about. */
@NullMarked
package com.akidb.http.server;

import org.jspecify.annotations.NullMarked;
