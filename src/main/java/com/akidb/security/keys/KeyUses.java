package com.akidb.security.keys;

import com.akidb.file.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** When keys were used last, {@code security/key-uses.json}: for people who tidy up, so that losing it does no harm. */
public final class KeyUses {

    private static final Logger log = LoggerFactory.getLogger(KeyUses.class);

    private final Path file;
    private Map<String, Instant> written = Map.of();

    public KeyUses(Path dataDirectory) {
        this.file = dataDirectory.resolve("security").resolve("key-uses.json");
    }

    /** By the keys' ids. */
    public Map<String, Instant> read() {
        Map<String, Instant> uses = new HashMap<>();
        try {
            JsonMapper.shared()
                    .readTree(Files.readString(file))
                    .forEachEntry((id, time) -> uses.put(id, Instant.parse(time.asString(""))));
        } catch (NoSuchFileException none) {
            return Map.of();
        } catch (IOException | JacksonException | DateTimeException unreadable) {
            log.warn("The times at which API keys were last used cannot be read: {}", unreadable.toString());
        }
        return uses;
    }

    void write(Map<String, Instant> uses) {
        if (uses.equals(written)) {
            return;
        }
        ObjectNode root = JsonMapper.shared().createObjectNode();
        uses.forEach((id, time) -> root.put(id, time.toString()));
        try {
            AtomicFiles.writePrivately(file, root.toString());
            written = Map.copyOf(uses);
        } catch (IOException unwritable) {
            log.warn("The times at which API keys were last used cannot be saved: {}", unwritable.toString());
        }
    }
}
