package com.akidb.security.audit;

import static java.util.Objects.requireNonNull;

import ch.qos.logback.core.recovery.ResilientFileOutputStream;
import ch.qos.logback.core.rolling.RollingFileAppender;
import com.akidb.file.AtomicFiles;
import com.akidb.file.PrivateFiles;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A rolling file that says so when a line could not be written. Logback's own goes through {@link
 * ResilientFileOutputStream}, which drops lines for a while instead, and keeps every other failure to itself.
 */
final class HonestFileAppender extends RollingFileAppender<String> {

    private @Nullable String failure;

    @Override
    public void openFile(String name) throws IOException {
        File file = new File(name);
        AtomicFiles.createPrivateDirectory(
                requireNonNull(file.getAbsoluteFile().toPath().getParent()));
        PrivateFiles.file(file.toPath());
        setOutputStream(new Watched(file, isAppend()));
    }

    /** Whether a line is written; after one that is not, this may have to be started again. */
    boolean write(String line) {
        failure = null;
        try {
            subAppend(line);
        } catch (RuntimeException unexpected) {
            failure = unexpected.toString();
        }
        return failure == null && isStarted();
    }

    /** Why the last line could not be written. */
    String failure() {
        String known = failure;
        return known == null ? "its file cannot be opened" : known;
    }

    /** Remembers why a line could not be written, which Logback tells nobody. */
    private final class Watched extends FileOutputStream {
        Watched(File file, boolean append) throws IOException {
            super(file, append);
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            try {
                super.write(bytes);
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
                throw e;
            }
        }
    }
}
