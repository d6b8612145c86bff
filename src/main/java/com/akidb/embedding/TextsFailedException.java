package com.akidb.embedding;

/**
 * The model failed on some of the texts that it was given together, and goes on. Which of them are to blame is found by giving it
 * fewer; those that fail alone get {@code Batch embedding failed: ...} with this message.
 */
public final class TextsFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message what is told to the caller */
    public TextsFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
