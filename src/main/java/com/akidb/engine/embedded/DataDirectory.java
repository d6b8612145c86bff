package com.akidb.engine.embedded;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where data is kept.
 *
 * @param dataDir directory of the database and of the indexes' snapshots; created if it does not exist; used by one
 *     process at a time
 */
@ConfigurationProperties("akidb")
public record DataDirectory(@DefaultValue("data") Path dataDir) {

    public DataDirectory {
        if (dataDir.toString().isBlank()) {
            throw new IllegalArgumentException("akidb.data-dir must name a directory");
        }
    }
}
