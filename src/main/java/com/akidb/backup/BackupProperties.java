package com.akidb.backup;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Backups that the server makes.
 *
 * @param directory where backups are kept; {@code backups} in the data directory if absent. Each server needs its
 *     own, best on another disk
 * @param schedule time from one scheduled backup to the next, 1m to 366d; 0s for none
 * @param keep number of scheduled backups to keep, 1 to 1,000; older ones are deleted. Backups made on request are
 *     never deleted
 * @param includeKeys whether scheduled backups contain the API keys, as the hashes that the server keeps
 * @param includeAudit whether scheduled backups contain the audit log
 */
@ConfigurationProperties("akidb.backup")
public record BackupProperties(
        @Nullable Path directory,
        @DefaultValue("0s") Duration schedule,
        @DefaultValue("7") int keep,
        @DefaultValue("false") boolean includeKeys,
        @DefaultValue("false") boolean includeAudit) {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int MOST = 1_000;

    public BackupProperties {
        if (!schedule.isZero() && (schedule.compareTo(SHORTEST) < 0 || schedule.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("akidb.backup.schedule must be 1m to 366d, or 0s for none");
        }
        if (keep < 1 || keep > MOST) {
            throw new IllegalArgumentException("akidb.backup.keep must be 1 to " + MOST);
        }
        if (directory != null && directory.toString().isBlank()) {
            throw new IllegalArgumentException("akidb.backup.directory must name a directory");
        }
    }
}
