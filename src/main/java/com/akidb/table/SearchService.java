package com.akidb.table;

import com.akidb.engine.Row;
import com.akidb.engine.SearchExplanation;
import com.akidb.table.ColumnEmbedder.EmbeddedQuery;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The one way to search by similarity: in the embedding columns of tables and in collections. */
public interface SearchService {

    /**
     * Finds rows. Filter and threshold come before the limit. Never blocks, and may be called on an event loop if the text
     * is short; what is long or touches the disk goes elsewhere. Cancelling the future drops what is queued.
     *
     * @return fails with {@link com.akidb.error.AkidbException}s that name fields as the search's form does; Overloaded if
     *     too many searches are under way
     */
    CompletableFuture<SearchAnswer> search(Search search);

    /**
     * What a search found.
     *
     * @param schema the table as it was searched: what the rows are made of
     * @param matches best first, or in the order that was asked for
     * @param vector the one that was searched with
     * @param embedMicros how long the query took to embed, queueing included; null if it came as a vector or a row
     * @param explanation only if asked for
     */
    record SearchAnswer(
            TableSchema schema,
            List<Match> matches,
            float[] vector,
            @Nullable Long embedMicros,
            @Nullable Explanation explanation) {

        /**
         * A row that was found.
         *
         * @param row as the engine has it, hidden columns included; vectors only if asked for
         * @param score similarity, or of a hybrid search what fusion made of both ranks
         * @param ranks of a hybrid search; null for others
         * @param group value of the field that rows were grouped by; null if they were not
         */
        public record Match(
                Row row,
                float score,
                @Nullable Ranks ranks,
                @Nullable Object group) {}

        /**
         * Places of a row in both searches, 1 for the best.
         *
         * @param similarity place by vectors; null if it was not among them
         * @param text place by words; null if it was not among them
         * @param similarityScore by vectors; null beside a null place
         * @param textScore by words, BM25; null beside a null place
         */
        public record Ranks(
                @Nullable Integer similarity,
                @Nullable Integer text,
                @Nullable Float similarityScore,
                @Nullable Double textScore) {}

        /**
         * How it was found.
         *
         * @param search what the engine did with the vector
         * @param textCandidates rows found by words; null if words were not searched
         * @param diversityCandidates rows that diversity chose from; null if it was not asked for
         * @param embedded the text that was embedded to search by; null if it came as a vector or a row
         * @param totalMicros of all of it
         */
        public record Explanation(
                SearchExplanation search,
                @Nullable Integer textCandidates,
                @Nullable Integer diversityCandidates,
                @Nullable EmbeddedQuery embedded,
                long totalMicros) {}
    }
}
