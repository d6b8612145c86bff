package com.akidb.table.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.error.InvalidInputException;
import com.akidb.table.SqlService.SqlPlan;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a select is answered, in the words of those who wrote it. */
class SqlPlanTests extends SqlFixture {

    private static SqlPlan plan(String query, @Nullable Object... params) {
        return sql.explain(query, Arrays.asList(params), Duration.ofSeconds(30), Account.SERVER)
                .join();
    }

    @Test
    void readsEveryRowWhereNoIndexHelps() {
        SqlPlan plan = plan("select language, count(*) from code_layouts group by language order by 2");

        assertThat(plan.search()).isNull();
        assertThat(plan.steps()).containsExactly("read every row of code_layouts", "sort into groups", "sort");
    }

    @Test
    void looksUpByTheKeyWhereARowIsNamed() {
        assertThat(plan("select stars from code_layouts where title = ?", "title 7")
                        .steps())
                .containsExactly("look up rows of code_layouts by the index of the primary key ('title'=?)");
    }

    @Test
    void namesEachTableOfAJoinAndSelectsInside() {
        String query = "select l.title from code_layouts l join \"Authors \"\"and\"\" more\" a on a.lang = l.language"
                + " where l.stars > (select avg(stars) from code_layouts) and exists (select 1 from code_layouts o"
                + " where o.language = a.lang)";
        List<String> steps = plan(query).steps();

        assertThat(String.join("\n", steps))
                .contains(
                        "code_layouts",
                        "Authors \"and\" more",
                        "once, the inner select",
                        "for each row, the inner select")
                .doesNotContainPattern("\\b(?:rows|index|unique|vectors)_\\d");
    }

    @Test
    void tellsTheSearchOfTheVectorIndexAndNothingElseIfThatIsAll() {
        SqlPlan plan = plan("select title from code_layouts order by similarity(embedding, ?) desc limit 5", "words");

        assertThat(plan.search()).isNotNull();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan("select title from code_layouts order by similarity(embedding, ?) desc limit 300", "words")
                        .steps())
                .first()
                .asString()
                .startsWith("read every row of code_layouts");
    }

    @Test
    void refusesWhatCannotBeRun() {
        assertThatThrownBy(() -> plan("delete from code_layouts")).hasCauseInstanceOf(InvalidInputException.class);
    }
}
