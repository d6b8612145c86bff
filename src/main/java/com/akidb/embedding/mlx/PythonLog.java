package com.akidb.embedding.mlx;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Python prints goes to the log, line by line. */
final class PythonLog extends OutputStream {

    private static final Logger log = LoggerFactory.getLogger("com.akidb.python");

    /** Longer lines are cut into pieces, so that output without line ends needs no memory. */
    private static final int LONGEST = 4_096;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int value) {
        if (value == '\n' || line.size() >= LONGEST) {
            emit();
        }
        if (value != '\n' && value != '\r') {
            line.write(value);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    @Override
    public synchronized void close() {
        emit();
    }

    private void emit() {
        if (line.size() > 0) {
            log.info("{}", line.toString(StandardCharsets.UTF_8));
            line.reset();
        }
    }
}
