package com.akidb.embedding;

import com.akidb.embedding.tokens.TextTokenizer;
import com.akidb.embedding.tokens.TextTokenizer.Tokens;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;

/** Makes texts ready for a model. Safe for many threads. */
interface TextPreparation extends AutoCloseable {

    Prepared prepare(String text);

    /**
     * A text made ready for a model.
     *
     * @param text the text, prompt included; cut only for a model that takes texts
     * @param tokens its token ids; empty for a model that takes texts
     * @param length how many tokens it is, an estimate for a model that takes texts
     * @param truncated whether it was longer than the model takes
     */
    record Prepared(String text, int[] tokens, int length, boolean truncated) {}

    @Override
    void close();

    /** What this backend needs. */
    static TextPreparation of(EmbeddingBackend backend, ModelSpec spec, ModelFiles files) {
        return switch (backend) {
            case TokenBackend takesTokens ->
                new Tokenized(TextTokenizer.open(files.tokenizer(), spec.id(), spec.maxTokens()));
            case TextBackend takesTexts -> new Estimated(spec.maxTokens());
        };
    }

    /** Token ids by the model's tokenizer. */
    record Tokenized(TextTokenizer tokenizer) implements TextPreparation {

        @Override
        public Prepared prepare(String text) {
            Tokens tokens = tokenizer.tokenize(text);
            return new Prepared(text, tokens.ids(), tokens.ids().length, tokens.truncated());
        }

        @Override
        public void close() {
            tokenizer.close();
        }
    }

    /** Texts as they are, cut by estimate. */
    record Estimated(int maxTokens) implements TextPreparation {

        private static final int[] NO_TOKENS = {};

        @Override
        public Prepared prepare(String text) {
            String cut = TokenEstimate.cut(text, maxTokens);
            return new Prepared(cut, NO_TOKENS, TokenEstimate.of(cut), cut.length() < text.length());
        }

        @Override
        public void close() {}
    }
}
