package com.akidb.security;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The log of who changed what, in {@code audit/} in the data directory.
 *
 * @param enabled whether the audit log is kept; if absent, it is kept when requests need an API key
 * @param maxFileSize size at which a file of the log is closed and the next one begun, 64KB to 1GB
 * @param maxFiles number of closed files to keep, 1 to 20; older ones are deleted
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
