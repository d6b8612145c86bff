package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.akidb.embedding.TextTokenizer.Tokens;
import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import com.akidb.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTokenizerTests {

    private final ModelFiles files =
            RealModel.loader().load(RealModel.registry().defaultModel());
    private final TextTokenizer tokenizer = TextTokenizer.open(files.tokenizer(), "mini", 256);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void addsSpecialTokensAndNoPadding() {
        assertThat(tokenizer.tokenize("hello world").ids()).containsExactly(101, 7592, 2088, 102);
        assertThat(tokenizer.tokenize("").ids()).containsExactly(101, 102);
    }

    @Test
    void cutsAtTheModelsLengthNotAtTheFiles() {
        Tokens exact = tokenizer.tokenize("word ".repeat(254));
        Tokens cut = tokenizer.tokenize("word ".repeat(255));

        assertThat(exact.ids()).hasSize(256);
        assertThat(exact.truncated()).isFalse();
        assertThat(cut.ids()).hasSize(256).endsWith(102);
        assertThat(cut.truncated()).isTrue();
    }

    /** Parts of long texts must give what the whole text gives, wherever they end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "unbelievable transformations ",
                "日本語のテキスト",
                "a",
                "no-spaces,but;punctuation!",
                "x\u0301\u0301 ",
                "\uD83D\uDE00\uD83C\uDF89",
                "                                                   rare   "
            })
    void givesForALongTextWhatAllOfItGives(String part) throws IOException {
        String text = part.repeat(40_000 / part.length());
        try (HuggingFaceTokenizer whole = HuggingFaceTokenizer.newInstance(
                files.tokenizer(), Map.of("truncation", "true", "padding", "false", "maxLength", "256"))) {
            long[] expected = whole.encode(text).getIds();

            assertThat(Arrays.stream(tokenizer.tokenize(text).ids()).asLongStream())
                    .containsExactly(Arrays.stream(expected).boxed().toArray(Long[]::new));
        }
    }

    @Test
    void refusesTextsOnceItIsClosed() {
        tokenizer.close();

        assertThatThrownBy(() -> tokenizer.tokenize("late")).isInstanceOf(UnavailableException.class);
    }

    @Test
    void saysThatTheFileIsMissing() {
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> TextTokenizer.open(directory.resolve("tokenizer.json"), "mini", 256))
                .withMessage("Model 'mini': its file tokenizer.json is missing");
    }

    @Test
    void saysThatTheFileIsDamaged() throws IOException {
        Path cut = directory.resolve("tokenizer.json");
        Files.writeString(cut, Files.readString(files.tokenizer()).substring(0, 5000));

        assertThatExceptionOfType(CorruptDataException.class)
                .isThrownBy(() -> TextTokenizer.open(cut, "mini", 256))
                .withMessage("Model 'mini': its file tokenizer.json is damaged or not a tokenizer")
                .satisfies(failure -> assertThat(failure.detail()).doesNotContain("/"));
    }
}
