package com.akidb.engine.embedded.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.embedded.read.WordCounts.Word;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WordCountsTests {

    private static final Word FORD = new Word(1, "{t1} : (\"ford\")");

    private final AtomicLong nanos = new AtomicLong();
    private final WordCounts counts = new WordCounts(nanos::get);

    @Test
    void countsAWordAnewWhenAMinuteIsOver() throws SQLException {
        assertThat(counts.rowsWith(FORD, () -> 7)).isEqualTo(7);
        nanos.addAndGet(WordCounts.KEPT.toNanos() - 1);
        assertThat(counts.rowsWith(FORD, () -> 8)).isEqualTo(7);
        nanos.addAndGet(1);
        assertThat(counts.rowsWith(FORD, () -> 9)).isEqualTo(9);
    }

    @Test
    void tellsTheWordsOfOneIndexFromThoseOfAnother() throws SQLException {
        assertThat(counts.rowsWith(FORD, () -> 7)).isEqualTo(7);
        assertThat(counts.rowsWith(new Word(2, FORD.expression()), () -> 3)).isEqualTo(3);
        assertThat(counts.rowsWith(new Word(1, "{t2} : (\"ford\")"), () -> 5)).isEqualTo(5);
    }
}
