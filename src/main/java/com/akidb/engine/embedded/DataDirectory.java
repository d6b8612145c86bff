package com.akidb.engine.embedded;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where data is kept.
 *
 * @param dataDir directory for the database and the snapshots of indexes; made if it is not there; one process at a time
 */
@ConfigurationProperties("akidb")
public record DataDirectory(@DefaultValue("data") Path dataDir) {

    public DataDirectory {
        if (dataDir.toString().isBlank()) {
            throw new IllegalArgumentException("akidb.data-dir must name a directory");
        }
    }
}
