package com.akidb.model.files;

import java.io.IOException;

/** A file's content is not what it should be. */
public final class DamagedFileException extends IOException {

    private static final long serialVersionUID = 1L;

    public DamagedFileException(String message) {
        super(message);
    }
}
