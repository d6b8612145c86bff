package com.akidb.engine.embedded.index.rows;

import java.util.Arrays;

/**
 * Which ordinals are alive: an immutable set in pages that versions share. {@link Editor} makes the next version and
 * copies only the pages that it changes, so that a commit costs little and searches keep the version they began with.
 *
 * @param words pages of {@link #PAGE_WORDS} words, bit by bit in the order of the ordinals
 * @param size ordinals that were given out, alive or not
 * @param alive ordinals that are alive
 */
@SuppressWarnings("ArrayRecordComponent")
public record LiveBits(long[][] words, int size, int alive) {

    static final int PAGE_WORDS = 64;
    private static final int WORD_SHIFT = 6;
    private static final int PAGE_SHIFT = 12;
    private static final int PAGE_ORDINALS = 1 << PAGE_SHIFT;

    public static final LiveBits EMPTY = new LiveBits(new long[0][], 0, 0);

    /** Whether an ordinal below {@link #size} is alive. */
    public boolean get(int ordinal) {
        return (words[ordinal >>> PAGE_SHIFT][(ordinal >>> WORD_SHIFT) & (PAGE_WORDS - 1)] & (1L << ordinal)) != 0;
    }

    /** The 64 ordinals from {@code 64 * index} on, lowest bit first. */
    public long word(int index) {
        return words[index / PAGE_WORDS][index % PAGE_WORDS];
    }

    /** As {@link #get} for any ordinal; those that were not given out are not alive. */
    public boolean has(int ordinal) {
        return ordinal < size && get(ordinal);
    }

    /** As {@link #word} for any index. */
    public long wordOrZero(int index) {
        return index < wordCount() ? word(index) : 0;
    }

    /** What is alive here or there. */
    public LiveBits or(LiveBits other) {
        LiveBits longer = size >= other.size ? this : other;
        LiveBits shorter = longer == this ? other : this;
        long[][] union = longer.words.clone();
        int count = 0;
        for (int page = 0; page < union.length; page++) {
            if (page < shorter.words.length) {
                union[page] = union[page].clone();
            }
            for (int i = 0; i < PAGE_WORDS; i++) {
                if (page < shorter.words.length) {
                    union[page][i] |= shorter.words[page][i];
                }
                count += Long.bitCount(union[page][i]);
            }
        }
        return new LiveBits(union, longer.size, count);
    }

    /** What is alive here and there. */
    public LiveBits and(LiveBits other) {
        Editor both = new Editor(this);
        for (int i = 0; i < wordCount(); i++) {
            for (long only = word(i) & ~other.wordOrZero(i); only != 0; only &= only - 1) {
                both.kill(i * Long.SIZE + Long.numberOfTrailingZeros(only));
            }
        }
        return both.finish();
    }

    /** How many are alive here and not there. */
    public int countWithout(LiveBits other) {
        int count = 0;
        for (int i = 0; i < wordCount(); i++) {
            count += Long.bitCount(word(i) & ~other.wordOrZero(i));
        }
        return count;
    }

    /** Words that hold all ordinals. */
    public int wordCount() {
        return (size + 63) >>> WORD_SHIFT;
    }

    /** How many are alive and in another set, given by 64 ordinals a word. */
    public int countWith(long[] others) {
        int count = 0;
        for (int i = 0; i < wordCount(); i++) {
            count += Long.bitCount(word(i) & others[i]);
        }
        return count;
    }

    /** How many are alive, in another set, given by 64 ordinals a word, and not in a third. */
    public int countWith(long[] others, LiveBits without) {
        int count = 0;
        for (int i = 0; i < wordCount(); i++) {
            count += Long.bitCount(word(i) & others[i] & ~without.wordOrZero(i));
        }
        return count;
    }

    public long bytes() {
        return (long) words.length * PAGE_WORDS * Long.BYTES;
    }

    /** Makes the next version; for one thread. */
    public static final class Editor {
        private long[][] words;
        private boolean[] copied;
        private int size;
        private int alive;

        public Editor(LiveBits base) {
            this.words = base.words.clone();
            this.copied = new boolean[words.length];
            this.size = base.size;
            this.alive = base.alive;
        }

        /** Gives out all ordinals below that number; the new ones are not alive. */
        public void growTo(int newSize) {
            int pages = (newSize + PAGE_ORDINALS - 1) >>> PAGE_SHIFT;
            if (pages > words.length) {
                int old = words.length;
                words = Arrays.copyOf(words, pages);
                copied = Arrays.copyOf(copied, pages);
                for (int i = old; i < pages; i++) {
                    words[i] = new long[PAGE_WORDS];
                    copied[i] = true;
                }
            }
            size = Math.max(size, newSize);
        }

        /** Whether an ordinal that was given out is alive now. */
        public boolean get(int ordinal) {
            return (words[ordinal >>> PAGE_SHIFT][(ordinal >>> WORD_SHIFT) & (PAGE_WORDS - 1)] & (1L << ordinal)) != 0;
        }

        /** Begins the life of an ordinal that was given out; nothing happens if it is alive. */
        public void revive(int ordinal) {
            long[] page = own(ordinal >>> PAGE_SHIFT);
            int word = (ordinal >>> WORD_SHIFT) & (PAGE_WORDS - 1);
            long bit = 1L << ordinal;
            if ((page[word] & bit) == 0) {
                page[word] |= bit;
                alive++;
            }
        }

        /** Ends the life of an ordinal; nothing happens if it is over. */
        public void kill(int ordinal) {
            long[] page = own(ordinal >>> PAGE_SHIFT);
            int word = (ordinal >>> WORD_SHIFT) & (PAGE_WORDS - 1);
            long bit = 1L << ordinal;
            if ((page[word] & bit) != 0) {
                page[word] &= ~bit;
                alive--;
            }
        }

        public LiveBits finish() {
            return new LiveBits(words, size, alive);
        }

        private long[] own(int page) {
            if (!copied[page]) {
                words[page] = words[page].clone();
                copied[page] = true;
            }
            return words[page];
        }
    }
}
