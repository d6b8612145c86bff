package com.akidb.transfer;

import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How far a transfer came, in a small file beside the data: there whole or not at all. */
final class TransferState {

    private final Path file;

    TransferState(Path data, String what) {
        this.file = data.resolveSibling(data.getFileName() + "." + what + "-state");
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** What was kept about the same transfer; null if nothing was. */
    @Nullable
    JsonNode read(ObjectNode transfer) {
        try {
            JsonNode kept = JsonMapper.shared().readTree(Files.readString(file));
            return kept.path("transfer").equals(JsonMapper.shared().readTree(transfer.toString())) ? kept : null;
        } catch (IOException | JacksonException none) {
            return null;
        }
    }

    void write(ObjectNode transfer, ObjectNode state) {
        state.set("transfer", transfer);
        try {
            AtomicFiles.write(file, state.toString());
        } catch (IOException unwritable) {
            throw new UnavailableException(file + " cannot be written: " + unwritable, unwritable);
        }
    }

    void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException unwritable) {
            throw new UnavailableException(file + " cannot be deleted: " + unwritable, unwritable);
        }
    }
}
