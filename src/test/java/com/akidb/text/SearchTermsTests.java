package com.akidb.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.text.SearchTerms.Term;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchTermsTests {

    @Test
    void leavesTextsOfScriptsWithSpacesAsTheyAre() {
        for (String text : List.of("", "Crème brûlée, 2026", "Привет мир", "שלום עולם", "नमस्ते दुनिया")) {
            assertThat(SearchTerms.spaced(text)).isSameAs(text);
        }
        assertThat(SearchTerms.of("Crème brûlée, crème; 2026!", 64))
                .isEqualTo(words("Crème", "brûlée", "crème", "2026"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        北京大学        | 北京 京大 大学 学
        猫              | 猫
        日本語Linux入門 | 日本 本語 語 Linux 入門 門
        コンピュータ    | コン ンピ ピュ ュー ータ タ
        한국어를        | 한국 국어 어를 를
        ภาษาไทย        | ภา าษ ษา าไ ไท ทย ย
        一、二。三四    | 一 、 二 。 三四 四
        2026年3月       | 2026 年 3 月
        𠮷野家          | 𠮷野 野家 家
        """)
    void cutsRunsIntoPairsThatOverlap(String text, String spaced) {
        assertThat(tokens(SearchTerms.spaced(text))).isEqualTo(tokens(spaced));
    }

    @Test
    void readsOtherFormsOfTheSameCharactersAlike() {
        assertThat(tokens(SearchTerms.spaced("ﾊﾟｿｺﾝ"))).isEqualTo(tokens(SearchTerms.spaced("パソコン")));
        assertThat(tokens(SearchTerms.spaced("か\u3099っこう"))).isEqualTo(tokens(SearchTerms.spaced("がっこう")));
        assertThat(tokens(SearchTerms.spaced("\u1112\u1161\u11ab\u1100\u116e\u11a8")))
                .isEqualTo(tokens(SearchTerms.spaced("한국")));
        assertThat(tokens(SearchTerms.spaced("ＡＢＣ１２３"))).isEqualTo(tokens("ABC123"));
        assertThat(SearchTerms.of("ｶﾅ", 64)).isEqualTo(words("カナ"));
    }

    @Test
    void asksForACharacterThatStandsAloneByWhatBeginsWithIt() {
        assertThat(SearchTerms.of("猫", 64)).containsExactly(new Term("猫", true));
        assertThat(SearchTerms.of("猫と犬 dog", 64))
                .containsExactly(new Term("猫と", false), new Term("と犬", false), new Term("dog", false));
        assertThat(SearchTerms.of("北京Linux", 64)).isEqualTo(words("北京", "Linux"));
    }

    @Test
    void countsNoMoreTermsThanAreAskedForAndNoneOfMarksAlone() {
        assertThat(SearchTerms.of("一二三四五", 2)).isEqualTo(words("一二", "二三"));
        assertThat(SearchTerms.of("\u2764\ufe0f \u0301 \ud83d \ud83d\ude00 \"*()", 64))
                .isEmpty();
    }

    /** Whatever is cut out of a text is found in it: each term of the part is a term of the whole, or begins one. */
    @Test
    void findsEveryPartOfATextInTheWhole() {
        String alphabet = "日本語漢字ひらがなカタカナー한국어ไทยที่ນ້ຳ𠮷野㍿ﾊﾟＡa1b か\u3099é、";
        int[] codePoints = alphabet.codePoints().toArray();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            int[] text = random.ints(1 + random.nextInt(12), 0, codePoints.length)
                    .map(i -> codePoints[i])
                    .toArray();
            int from = random.nextInt(text.length);
            int to = from + 1 + random.nextInt(text.length - from);
            if (splitsACharacter(text, from) || splitsACharacter(text, to)) {
                continue;
            }
            String whole = new String(text, 0, text.length);
            String part = new String(text, from, to - from);
            Set<String> terms = Set.copyOf(tokens(SearchTerms.spaced(whole)));
            for (Term term : SearchTerms.of(part, 64)) {
                if (isUnspaced(term.text())) {
                    assertThat(term.isPrefix() ? beginsOne(term.text(), terms) : terms.contains(term.text()))
                            .as("'%s' of '%s' in '%s' as %s, seed %d", term, part, whole, terms, seed)
                            .isTrue();
                }
            }
        }
    }

    /** Whether a mark, a voiced sign or a vowel that combines with what is before comes there. */
    private static boolean splitsACharacter(int[] text, int at) {
        return at > 0
                && at < text.length
                && (Character.getType(text[at]) == Character.NON_SPACING_MARK
                        || text[at] == 0xFF9F
                        || text[at] == 0x0EB3);
    }

    private static boolean isUnspaced(String term) {
        return term.codePoints().allMatch(codePoint -> codePoint >= 0x0E00);
    }

    private static boolean beginsOne(String beginning, Set<String> terms) {
        return terms.stream().anyMatch(term -> term.startsWith(beginning));
    }

    private static List<Term> words(String... words) {
        return Arrays.stream(words).map(word -> new Term(word, false)).toList();
    }

    private static List<String> tokens(String spaced) {
        return Arrays.stream(spaced.split(" +"))
                .filter(token -> !token.isEmpty())
                .collect(Collectors.toList());
    }
}
