package com.akidb.embedding.tokens;

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

/**
 * The tokenizer of one model, made from its {@code tokenizer.json}, at the model's own length: what the file says about
 * truncation and padding is overridden. Safe for many threads.
 *
 * <p>Only as much of a long text is read as fills the model, so the work is bounded by the model's length and not by the
 * text's, except for texts without white space.
 */
public final class TextTokenizer implements AutoCloseable {

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
    public static TextTokenizer open(Path file, String model, int maxTokens) {
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
                    "Model '" + model + "': its file " + file.getFileName() + " is damaged or is no tokenizer", e);
        }
    }

    /**
     * Cuts a text into tokens.
     *
     * @param text well-formed UTF-16: lone surrogates would silently vanish
     */
    public Tokens tokenize(String text) {
        open.readLock().lock();
        try {
            if (closed) {
                throw new UnavailableException("The model is closed");
            }
            for (long wanted = (long) maxTokens * CHARACTERS_PER_TOKEN; ; wanted *= 4) {
                int end = wordEnd(text, wanted);
                Tokens tokens = encode(end == text.length() ? text : text.substring(0, end));
                if (tokens.truncated() || end == text.length()) {
                    return tokens;
                }
            }
        } finally {
            open.readLock().unlock();
        }
    }

    /** The last end of a word in the first so many characters, so that no token is torn; else all of the text. */
    private static int wordEnd(String text, long wanted) {
        if (wanted >= text.length()) {
            return text.length();
        }
        for (int end = (int) wanted; end > wanted / 2; end--) {
            if (Character.isWhitespace(text.charAt(end)) && !Character.isWhitespace(text.charAt(end - 1))) {
                return end;
            }
        }
        return text.length();
    }

    /** Asks the native library for the ids alone; the wrapper's encoding would copy seven more arrays. */
    private Tokens encode(String text) {
        TokenizersLibrary library = TokenizersLibrary.LIB;
        long encoding = library.encode(tokenizer.getHandle(), text, true);
        try {
            long[] wide = library.getTokenIds(encoding);
            int[] ids = new int[wide.length];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = (int) wide[i];
            }
            return new Tokens(ids, library.getOverflowCount(encoding) > 0);
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
