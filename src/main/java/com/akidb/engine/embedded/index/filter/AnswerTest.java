package com.akidb.engine.embedded.index.filter;

import java.util.function.Predicate;

/**
 * Passes strings that a test passes. Its answer is remembered for each number of the dictionary, up to a bound.
 */
final class AnswerTest implements ValueTest {

    /** Distinct strings up to which answers are remembered. */
    private static final int REMEMBERED = 1 << 20;

    private static final byte YES = 1;
    private static final byte NO = 2;

    private final StringDictionary dictionary;
    private final Predicate<String> test;
    private final byte[] answers;

    AnswerTest(StringDictionary dictionary, Predicate<String> test) {
        this.dictionary = dictionary;
        this.test = test;
        this.answers = new byte[Math.min(dictionary.size(), REMEMBERED)];
    }

    @Override
    public boolean passes(byte kind, long payload) {
        return kind == ValueKind.STRING && answer((int) payload);
    }

    @Override
    public long word(byte[] kinds, long[] payloads, int from) {
        long word = 0;
        for (long left = Kinds.equal(kinds, from, ValueKind.STRING); left != 0; left &= left - 1) {
            int i = Long.numberOfTrailingZeros(left);
            if (answer((int) payloads[from + i])) {
                word |= 1L << i;
            }
        }
        return word;
    }

    private boolean answer(int number) {
        if (number >= answers.length) {
            return test.test(dictionary.string(number));
        }
        if (answers[number] == 0) {
            answers[number] = test.test(dictionary.string(number)) ? YES : NO;
        }
        return answers[number] == YES;
    }
}
