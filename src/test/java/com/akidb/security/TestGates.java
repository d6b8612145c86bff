package com.akidb.security;

import com.akidb.security.audit.AuditFile;
import com.akidb.security.keys.KeyRing;
import java.nio.file.Path;
import java.time.InstantSource;

/** What decides who may do what, over a directory of a test. */
public final class TestGates {

    private TestGates() {}

    /** The gate to a server with the keys that are in the directory now. */
    public static Gate gate(Path data, Quota quota) {
        return new Gate(new KeyRing(data, false, null, InstantSource.system()), quota);
    }

    public static Audit audit(Path data) {
        return audit(data.resolve("audit"), 1 << 20);
    }

    /** A log that is on, in files of about this size. */
    static Audit audit(Path directory, long bytes) {
        return new Audit(
                () -> true, new AuditFile(directory, "audit", bytes, 2), new AuditFile(directory, "refused", bytes, 2));
    }
}
