package com.akidb.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnicodeTests {

    private static final char[] UNITS = {'a', '\u00e9', '\uD83D', '\uDE00', '\uFFFD'};

    @Test
    void namesTheFirstHalfOfAPairThatStandsAlone() {
        assertThat(Unicode.unpairedSurrogate("ab\uDE00c\uD83D")).isEqualTo(2);
        assertThat(Unicode.unpairedSurrogate("\uD83D\uDE00\uD83D")).isEqualTo(2);
        assertThat(Unicode.unpairedSurrogate("\uD83D\uDE00")).isEqualTo(-1);
    }

    @Test
    void agreesWithWhatSurvivesUtf8() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(6); i > 0; i--) {
                text.append(UNITS[random.nextInt(UNITS.length)]);
            }
            String written = text.toString();
            String back = new String(written.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            assertThat(Unicode.isWellFormed(written))
                    .as("seed %d, units %s", seed, written.chars().boxed().toList())
                    .isEqualTo(back.equals(written));
        }
    }
}
