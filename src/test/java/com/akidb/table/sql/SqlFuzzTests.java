package com.akidb.table.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.akidb.error.AkidbException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Pieces of SQL in any order. */
class SqlFuzzTests extends SqlFixture {

    @Test
    void readsOrRefusesAnySequenceOfPieces() {
        List<String> pieces = List.of(
                "select",
                "from",
                "where",
                "code_layouts",
                "title",
                "embedding",
                "c",
                "*",
                ",",
                "(",
                ")",
                "=",
                "<",
                ">",
                "and",
                "or",
                "not",
                "in",
                "like",
                "between",
                "is null",
                "group by",
                "order by",
                "having",
                "limit",
                "offset",
                "1",
                "'x'",
                "?",
                "count(",
                "similarity(",
                "as",
                "join",
                "left join",
                "on",
                "case when",
                "then",
                "else",
                "end",
                "distinct",
                "union",
                ";",
                "--",
                "/*",
                "*/",
                "with",
                "values",
                "exists",
                "cast(",
                "as int)",
                "||",
                "+",
                "-",
                "/",
                "\"",
                "`",
                "[",
                "]",
                "é",
                "😀",
                "null",
                "true",
                "sqlite_master",
                "over (",
                "pragma",
                "desc",
                "facts.area");
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_500; round++) {
            StringBuilder text = new StringBuilder("select ");
            for (int i = random.nextInt(14); i > 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size()))).append(' ');
            }
            if (random.nextBoolean()) {
                text.append("from code_layouts c limit 3");
            }
            Throwable failure = catchThrowable(() -> query(text.toString(), "words"));
            assertThat(failure)
                    .as("seed %s: %s", seed, text)
                    .satisfiesAnyOf(
                            none -> assertThat(none).isNull(),
                            refused -> assertThat(refused)
                                    .isInstanceOf(AkidbException.class)
                                    .isNotInstanceOf(com.akidb.error.InternalException.class));
        }
    }
}
