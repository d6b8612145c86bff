package com.akidb.ops;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes parts of the server one by one; a part that fails to close never keeps the next from closing. */
final class Closing {

    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    static void close(String name, Object part) {
        if (!(part instanceof AutoCloseable closeable)) {
            return;
        }
        long begun = System.nanoTime();
        try {
            closeable.close();
            log.info(
                    "Closed the {} in {} ms",
                    name,
                    Duration.ofNanos(System.nanoTime() - begun).toMillis());
        } catch (Exception failure) {
            log.error("Could not close the {}", name, failure);
        }
    }
}
