package com.akidb.embedding;

import com.akidb.embedding.tokens.TextTokenizer;
import com.akidb.embedding.tokens.Tokens;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;

/** Makes texts ready for a model. Safe for many threads. */
interface TextPreparation extends AutoCloseable {

    PreparedText prepare(String text);

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
        public PreparedText prepare(String text) {
            Tokens tokens = tokenizer.tokenize(text);
            return new PreparedText(text, tokens.ids(), tokens.ids().length, tokens.truncated());
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
        public PreparedText prepare(String text) {
            String cut = TokenEstimate.cut(text, maxTokens);
            return new PreparedText(cut, NO_TOKENS, TokenEstimate.of(cut), cut.length() < text.length());
        }

        @Override
        public void close() {}
    }
}
