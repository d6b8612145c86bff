package com.akidb.security;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ids of the keys in the settings whose tokens are not believed any more, one a line in {@code security/tokens.revoked} of the data
 * directory; a server that runs over it follows within a second. Safe for many threads.
 */
public final class RevokedTokens {

    private static final Logger log = LoggerFactory.getLogger(RevokedTokens.class);

    private final Path file;
    private volatile Set<String> ids = Set.of();

    /** Reads what is there. */
    public RevokedTokens(Path dataDirectory) {
        this.file = dataDirectory.resolve("security").resolve("tokens.revoked");
        this.ids = read();
    }

    /** Whether tokens signed with a key are to be refused. */
    public boolean contains(String keyId) {
        return ids.contains(keyId);
    }

    /** Reads the file again. What cannot be read leaves all as it was. */
    void refresh() {
        try {
            Set<String> now = read();
            if (!now.equals(ids)) {
                ids = now;
                log.info("Tokens signed with these keys are refused now: {}", now);
            }
        } catch (UnavailableException unreadable) {
            log.error("The keys whose tokens are refused stay as they were: {}", unreadable.detail());
        }
    }

    /** Refuses all tokens signed with a key, until {@link #restore}. */
    public void revoke(String keyId) {
        if (!TokenKeys.isId(keyId)) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT, "KEY-ID", "must be 1 to 64 letters, digits and . _ -");
        }
        Set<String> more = new TreeSet<>(read());
        more.add(keyId);
        write(more);
    }

    /**
     * Believes tokens signed with a key again.
     *
     * @throws NotFoundException if they were not refused
     */
    public void restore(String keyId) {
        Set<String> fewer = new TreeSet<>(read());
        if (!fewer.remove(keyId)) {
            throw new NotFoundException("Tokens signed with the key " + keyId + " are not refused");
        }
        write(fewer);
    }

    private Set<String> read() {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
        } catch (NoSuchFileException none) {
            return Set.of();
        } catch (IOException unreadable) {
            throw new UnavailableException(file + " cannot be read: " + unreadable, unreadable);
        }
    }

    private void write(Set<String> all) {
        try {
            AtomicFiles.createPrivateDirectory(AtomicFiles.parentOf(file));
            AtomicFiles.writePrivately(file, all.stream().map(id -> id + "\n").collect(Collectors.joining()));
            ids = Set.copyOf(all);
        } catch (IOException unwritable) {
            throw new UnavailableException(file + " cannot be written: " + unwritable, unwritable);
        }
    }
}
