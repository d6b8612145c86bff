package com.akidb.command;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;

/**
 * What a command reads and writes.
 *
 * @param stream the same as {@code out}, for data
 * @param terminal whether somebody watches, and can be asked
 */
record Console(InputStream in, PrintWriter out, OutputStream stream, PrintWriter err, boolean terminal) {}
