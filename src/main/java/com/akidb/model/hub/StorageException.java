package com.akidb.model.hub;

import java.io.IOException;

/** The disk does not take what is downloaded. */
final class StorageException extends IOException {

    private static final long serialVersionUID = 1L;

    StorageException(String message, IOException cause) {
        super(message, cause);
    }
}
