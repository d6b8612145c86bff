package com.akidb.embedding;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of one model, made from its {@code tokenizer.json}, at the model's own length: what the file says about
 * truncation and padding is overridden. Safe for many threads.
 *
 * <p>Only as much of a long text is read as fills the model, so the work is bounded by the model's length and not by the
 * text's, except for a single endless word.
 */
final class TextTokenizer implements AutoCloseable {

    /**
     * A text as the model sees it.
     *
     * @param ids token ids, special tokens included, not padded
     * @param truncated whether the text had more tokens than the model takes
     */
    record Tokens(int[] ids, boolean truncated) {}

    /** Real text has fewer characters per token than this; a first guess at how much of a long text is needed. */
    private static final int CHARACTERS_PER_TOKEN = 8;

    private final HuggingFaceTokenizer tokenizer;
    private final int maxTokens;
    private final ReadWriteLock open = new ReentrantReadWriteLock();
    private boolean closed;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, int maxTokens) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
    }

    /**
     * Reads a {@code tokenizer.json}.
     *
     * @param maxTokens tokens after which a text is cut, special tokens included
     * @throws UnavailableException if the file is missing
     * @throws CorruptDataException if it is no tokenizer
     */
    static TextTokenizer open(Path file, String model, int maxTokens) {
        if (!Files.isRegularFile(file)) {
            throw new UnavailableException("Model '" + model + "': its file " + file.getFileName() + " is missing");
        }
        String length = Integer.toString(maxTokens);
        Map<String, String> options =
                Map.of("truncation", "true", "padding", "false", "maxLength", length, "modelMaxLength", length);
        try {
            return new TextTokenizer(HuggingFaceTokenizer.newInstance(file, options), maxTokens);
        } catch (IOException | RuntimeException e) {
            throw new CorruptDataException(
                    "Model '" + model + "': its file " + file.getFileName() + " is damaged or not a tokenizer", e);
        }
    }

    /**
     * Cuts a text into tokens.
     *
     * @param text well-formed UTF-16: lone surrogates would silently vanish
     */
    Tokens tokenize(String text) {
        open.readLock().lock();
        try {
            if (closed) {
                throw new UnavailableException("The model is closed");
            }
            for (long wanted = (long) maxTokens * CHARACTERS_PER_TOKEN; ; wanted *= 4) {
                Part part = Part.of(text, wanted);
                Tokens tokens = encode(part);
                if (tokens != null) {
                    return tokens;
                }
            }
        } finally {
            open.readLock().unlock();
        }
    }

    /**
     * The beginning of a text.
     *
     * @param whole whether it is all of the text
     * @param torn whether it may end within a word
     */
    private record Part(String text, boolean whole, boolean torn) {

        /** So many characters, or some less to end with a word if there is one. */
        static Part of(String text, long wanted) {
            if (wanted >= text.length()) {
                return new Part(text, true, false);
            }
            for (int end = (int) wanted; end > wanted / 2; end--) {
                if (Character.isWhitespace(text.charAt(end)) && !Character.isWhitespace(text.charAt(end - 1))) {
                    return new Part(text.substring(0, end), false, false);
                }
            }
            int end = Character.isLowSurrogate(text.charAt((int) wanted)) ? (int) wanted - 1 : (int) wanted;
            return new Part(text.substring(0, end), false, true);
        }

        /** How many times the model must be overfull for its tokens to be those of the whole text. */
        int overflowsNeeded() {
            return torn ? 2 : 1;
        }
    }

    /**
     * Asks the native library for the ids alone; the wrapper's encoding would copy seven more arrays.
     *
     * @return null if more of the text is needed
     */
    private @Nullable Tokens encode(Part part) {
        TokenizersLibrary library = TokenizersLibrary.LIB;
        long encoding = library.encode(tokenizer.getHandle(), part.text(), true);
        try {
            int overflows = library.getOverflowCount(encoding);
            if (!part.whole() && overflows < part.overflowsNeeded()) {
                return null;
            }
            long[] wide = library.getTokenIds(encoding);
            int[] ids = new int[wide.length];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = (int) wide[i];
            }
            return new Tokens(ids, overflows > 0);
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    /** Frees the native memory; waits for callers that are tokenising. */
    @Override
    public void close() {
        open.writeLock().lock();
        try {
            closed = true;
            tokenizer.close();
        } finally {
            open.writeLock().unlock();
        }
    }
}
