package com.akidb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.InvalidInputException;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LikePatternTests {

    @Test
    void matchesWhatAnExpressionOfTheSameMeaningMatches() {
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        Random random = new Random(seed);
        int matched = 0;
        for (int round = 0; round < 200_000; round++) {
            String pattern = text(
                    random, new String[] {"a", "b", "%", "_", "\\%", "\\_", "\\\\", "\uD83D\uDE00", "aaaaaaaab"}, 8);
            String text = text(random, new String[] {"a", "b", "%", "_", "\\", "\uD83D\uDE00", "aaaaaaaab", "\n"}, 10);
            boolean matches = new LikePattern(pattern).matches(text);
            assertThat(matches)
                    .as("seed %s: %s like %s", seed, text, pattern)
                    .isEqualTo(expression(pattern).matcher(text).matches());
            matched += matches ? 1 : 0;
        }
        assertThat(matched).isBetween(1_000, 199_000);
    }

    private static String text(Random random, String[] pieces, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static Pattern expression(String like) {
        StringBuilder regex = new StringBuilder();
        int[] points = like.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            switch (points[i]) {
                case '%' -> regex.append(".*");
                case '_' -> regex.append('.');
                case '\\' -> regex.append(Pattern.quote(Character.toString(points[++i])));
                default -> regex.append(Pattern.quote(Character.toString(points[i])));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** By looking at each place anew this would be four thousand million steps for each text. */
    @Test
    void readsLongTextsOnceHoweverNearlyTheyMatch() {
        String text = "a".repeat(1_000_000);
        String many = "a".repeat(4_000);

        for (int i = 0; i < 50; i++) {
            assertThat(new LikePattern("%" + many + "b%").matches(text)).isFalse();
        }
        assertThat(new LikePattern("%" + many + "_b%").matches(text)).isFalse();
        assertThat(new LikePattern("%" + many + "_b%").matches(text + "xb")).isTrue();
        assertThat(new LikePattern("%" + many + "%" + "b").matches(text + "b")).isTrue();
    }

    @Test
    void areBoundedInLength() {
        assertThat(new LikePattern("x".repeat(4_096)).matches("x")).isFalse();
        assertThatThrownBy(() -> new LikePattern("x".repeat(4_097)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("more than 4096 characters");
    }
}
