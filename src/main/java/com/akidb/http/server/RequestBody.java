package com.akidb.http.server;

/**
 * A request's body.
 *
 * @param bytes only the first {@code length} count
 */
record RequestBody(byte[] bytes, int length) {

    static final RequestBody NONE = new RequestBody(new byte[0], 0);
}
