package com.akidb.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTests {

    @Test
    void showsShortWordsAsTheyAreWithoutControlCharacters() {
        assertThat(Words.shown("notes")).isEqualTo("notes");
        assertThat(Words.shown("no\ntes\u0000")).isEqualTo("no?tes?");
    }

    @Test
    void showsTheBeginningOfALongWordWithoutCuttingACharacter() {
        assertThat(Words.shown("x".repeat(65))).isEqualTo("x".repeat(32) + "...");
        assertThat(Words.shown("\uD83D\uDE00".repeat(33))).isEqualTo("\uD83D\uDE00".repeat(32) + "...");
    }

    @Test
    void readsNamesInTheQuotesOfSql() {
        assertThat(Words.unquoted("plain")).isEqualTo("plain");
        assertThat(Words.unquoted("\"two \"\"words\"\"\"")).isEqualTo("two \"words\"");
        assertThat(Words.unquoted("`a``b\"\"`")).isEqualTo("a`b\"\"");
    }
}
