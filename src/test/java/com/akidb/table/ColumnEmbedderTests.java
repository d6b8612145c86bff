package com.akidb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.collection.WordEmbedding;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.error.InvalidInputException;
import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import com.akidb.table.ColumnEmbedder.ColumnModel;
import com.akidb.table.ColumnEmbedder.EmbeddedQuery;
import com.akidb.table.ColumnEmbedder.Terms;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ColumnEmbedderTests {

    private static final Terms TERMS = Terms.waiting(Duration.ofSeconds(5), Account.SERVER);
    private static final ColumnModel COLUMN = new ColumnModel("words", 8);

    private final WordEmbedding manager = new WordEmbedding(8);

    private ColumnEmbedder embedder(boolean promptsSearches) {
        ModelSpec words = new ModelSpec(
                "words",
                List.of(),
                "onnx",
                8,
                64,
                Pooling.MEAN,
                "find: ",
                promptsSearches,
                "text: ",
                4,
                "sentence",
                new ModelSource.ClassPath("none", "none"),
                null);
        return new ColumnEmbedder(manager, new ModelRegistry() {
            @Override
            public List<ModelSpec> models() {
                return List.of(words);
            }

            @Override
            public ModelSpec defaultModel() {
                return words;
            }

            @Override
            public ModelSpec resolve(String name) {
                return words;
            }
        });
    }

    private EmbeddedQuery query(boolean promptsSearches, @Nullable InputType as) {
        return embedder(promptsSearches)
                .query(COLUMN, "fox", as, TERMS, "query")
                .join();
    }

    @Test
    void searchesPutThePromptBeforeTheQueryOnlyIfTheRegistrySaysSo() {
        assertThat(query(true, null))
                .extracting(EmbeddedQuery::model, EmbeddedQuery::inputType, EmbeddedQuery::prompt)
                .containsExactly("words", InputType.QUERY, "find: ");
        assertThat(query(false, null))
                .extracting(EmbeddedQuery::inputType, EmbeddedQuery::prompt)
                .containsExactly(InputType.NONE, "");
        assertThat(manager.requests)
                .extracting(request -> request.inputType())
                .containsExactly(InputType.QUERY, InputType.NONE);
    }

    @Test
    void aSearchThatSaysWhatItsTextIsHasItsWay() {
        assertThat(query(false, InputType.QUERY).prompt()).isEqualTo("find: ");
        assertThat(query(true, InputType.DOCUMENT).prompt()).isEqualTo("text: ");
    }

    @Test
    void cutsVectorsToTheColumnAndBlamesTheFieldThatDoesNotFit() {
        ColumnEmbedder embedder = embedder(true);
        ColumnModel cut = new ColumnModel("words", 4);
        assertThat(embedder.documents(cut, List.of("fox", "hare"), TERMS, "text")
                        .join())
                .hasSize(2)
                .allSatisfy(vector -> assertThat(vector).hasSize(4));
        assertThatThrownBy(() -> embedder.documents(new ColumnModel("words", 3), List.of("fox"), TERMS, "text"))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refused -> assertThat(refused.field()).contains("text"));
    }
}
