package com.akidb.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.query.Predicate.And;
import com.akidb.query.Predicate.Compare;
import com.akidb.query.Predicate.In;
import com.akidb.query.Predicate.IsNull;
import com.akidb.query.Predicate.Like;
import com.akidb.query.Predicate.Not;
import com.akidb.query.Predicate.Operator;
import com.akidb.query.Predicate.Or;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What columns may be called in conditions as text. */
class WhereTextNameTests extends WhereTextFixture {

    private static final Set<String> KEYWORDS =
            Set.of("and", "or", "not", "in", "like", "between", "is", "null", "true", "false");

    /** Words that SQL, its dialects and its parsers know, and usual names of columns. */
    private static final String WORDS = """
        year month day hour minute second int integer bigint float double real bool boolean uuid map date time
        timestamp datetime interval text varchar char string json blob binary bytes array struct list set enum object
        select from where group by order having limit offset join left right full inner outer cross natural on using
        as asc desc distinct all any some exists case when then else end cast convert union except intersect minus
        insert update delete create drop alter table view index column primary key foreign unique check default values
        into with recursive lateral window over partition rows range first last nulls top fetch for qualify pivot
        escape ilike regexp rlike glob match similar to collate symmetric contains prior connect start level user
        current current_date current_time current_timestamp session if ifnull coalesce count sum min max avg length
        value name type language position row rank number version status state title category tags source score
        xor div mod global ignore respect use show explain analyze optimize describe declare begin commit rollback
        database schema catalog function procedure trigger grant revoke to of only percent plan precision
        überschrift größe 名前 имя col_1 _x a$b Ünïcode e1
        """;

    static Stream<String> words() {
        return Stream.of(WORDS.strip().split("\\s+")).flatMap(word -> Stream.of(word, word.toUpperCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @MethodSource("words")
    void needNoQuotesUnlessConditionsAreMadeOfThem(String name) {
        FieldPath field = FieldPath.column(name);
        Compare one = new Compare(field, Operator.EQUAL, 1L);

        assertThat(parse(name + " = 1")).isEqualTo(one);
        assertThat(parse("not " + name + "=1")).isEqualTo(new Not(one));
        assertThat(parse("((" + name + " = ?))", 1)).isEqualTo(one);
        assertThat(parse(name + " in (1)")).isEqualTo(new In(field, List.of(1L)));
        assertThat(parse("(" + name + " not in (1))")).isEqualTo(new Not(new In(field, List.of(1L))));
        assertThat(parse(name + " like 'x'")).isEqualTo(new Like(field, "x"));
        assertThat(parse(name + " is null or " + name + " = 1")).isEqualTo(new Or(List.of(new IsNull(field), one)));
        assertThat(parse("a = 1 and " + name + " between 1 and 1 and not (" + name + " <> 1)"))
                .isEqualTo(new And(List.of(
                        new Compare(A, Operator.EQUAL, 1L),
                        new And(List.of(
                                new Compare(field, Operator.GREATER_OR_EQUAL, 1L),
                                new Compare(field, Operator.LESS_OR_EQUAL, 1L))),
                        new Not(new Compare(field, Operator.NOT_EQUAL, 1L)))));
        assertThat(parse("metadata." + name + ".x = 1"))
                .isEqualTo(new Compare(FieldPath.column("metadata." + name + ".x"), Operator.EQUAL, 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"and", "or", "not", "in", "like", "between", "is", "null", "true", "false", "NULL", "Or"})
    void needQuotesIfConditionsAreMadeOfThem(String name) {
        assertThat(KEYWORDS).contains(name.toLowerCase(Locale.ROOT));
        if (!Set.of("not", "null", "true", "false").contains(name.toLowerCase(Locale.ROOT))) {
            assertThat(refused(name + " = 1").detail())
                    .contains("at character 1, has '" + name + "'")
                    .contains("must be quoted: \"" + name + "\"");
        } else {
            assertThat(refused(name + " = 1").field()).hasValue("where.text");
        }
        assertThat(parse("\"" + name + "\" = 1")).isEqualTo(new Compare(FieldPath.column(name), Operator.EQUAL, 1L));
    }

    @Test
    void mayBeAnyWordOfLettersAndDigits() {
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        String letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_äßéøñ中文字日本語한국어дж";
        for (int round = 0; round < 5_000; round++) {
            StringBuilder name = new StringBuilder();
            for (int i = random.nextInt(1, 9); i > 0; i--) {
                boolean digit = !name.isEmpty() && random.nextInt(6) == 0;
                name.append(
                        digit ? (char) ('0' + random.nextInt(10)) : letters.charAt(random.nextInt(letters.length())));
            }
            if (!KEYWORDS.contains(name.toString().toLowerCase(Locale.ROOT))) {
                assertThat(parse(name + " >= 2 and not " + name + " is null"))
                        .as("seed %s: %s", seed, name)
                        .isEqualTo(new And(List.of(
                                new Compare(FieldPath.column(name.toString()), Operator.GREATER_OR_EQUAL, 2L),
                                new Not(new IsNull(FieldPath.column(name.toString()))))));
            }
        }
    }

    @Test
    void keepDotsOfQuotedPartsInTheirKeys() {
        assertThat(parse("metadata.\"a.b\".c = 1")).isEqualTo(compareWith("metadata.a\\.b.c"));
        assertThat(parse("metadata.\"a\\.b\" = 1")).isEqualTo(compareWith("metadata.a\\.b"));
        assertThat(parse("\"metadata.a\" = 1")).isEqualTo(compareWith("metadata.a"));
        assertThat(parse("metadata.\"a\\\\b\" = 1")).isEqualTo(compareWith("metadata.a\\\\b"));
    }

    private static Compare compareWith(String column) {
        return new Compare(FieldPath.column(column), Operator.EQUAL, 1L);
    }
}
