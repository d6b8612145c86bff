package com.akidb.security;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The log of who changed what, in {@code audit/} in the data directory.
 *
 * @param enabled whether it is kept; if absent, when requests need an API key
 * @param maxFileSize size at which a file of it is closed and the next begun, 64KB to 1GB
 * @param maxFiles most closed files that are kept, 1 to 20; the oldest goes
 */
@ConfigurationProperties("akidb.security.audit")
public record AuditSettings(
        @Nullable Boolean enabled,
        @DefaultValue("10MB") DataSize maxFileSize,
        @DefaultValue("9") int maxFiles) {

    private static final int MOST_FILES = 20;

    public AuditSettings {
        if (maxFileSize.toKilobytes() < 64 || maxFileSize.toBytes() > 1L << 30) {
            throw new IllegalArgumentException("akidb.security.audit.max-file-size must be 64KB to 1GB");
        }
        if (maxFiles < 1 || maxFiles > MOST_FILES) {
            throw new IllegalArgumentException("akidb.security.audit.max-files must be 1 to " + MOST_FILES);
        }
    }
}
