package com.akidb.table;

import com.akidb.engine.Row;
import com.akidb.engine.SearchExplanation;
import com.akidb.table.ColumnEmbedder.EmbeddedQuery;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Similarity search in the embedding columns of tables and in collections. */
public interface SearchService {

    /**
     * Finds the most similar rows. Filter and threshold are applied before the limit. Never blocks: what takes long or touches
     * the disk runs on threads of its own. Cancelling the future drops what is queued.
     *
     * @return fails with {@link com.akidb.error.AkidbException}s that name fields as the search's form does; Overloaded if
     *     too many searches are under way
     */
    CompletableFuture<SearchAnswer> search(Search search);

    /**
     * What a search found.
     *
     * @param schema the columns of the rows, as of the search
     * @param matches best first, or in the requested order
     * @param truncated whether there are fewer matches than were found, because an answer with all of them would be too
     *     large
     * @param vector the one searched with
     * @param fingerprint of the model that makes the column's vectors; null if users write them, or it is not known yet
     * @param embedMicros time to embed the query, queueing included; null for a search by vector or row
     * @param explanation null unless asked for
     */
    record SearchAnswer(
            TableSchema schema,
            List<Match> matches,
            boolean truncated,
            float[] vector,
            @Nullable String fingerprint,
            @Nullable Long embedMicros,
            @Nullable Explanation explanation) {

        /**
         * A row that was found.
         *
         * @param row from the engine, including hidden columns; vectors only if asked for
         * @param score similarity, or the fused score of a hybrid search
         * @param ranks in a hybrid search; null in others
         * @param group value of the field by which rows are grouped; null if they are not
         */
        public record Match(
                Row row,
                float score,
                @Nullable Ranks ranks,
                @Nullable Object group) {}

        /**
         * Ranks of a row in the two parts of a hybrid search, 1 for the best.
         *
         * @param similarity rank by vectors; null if not found by vectors
         * @param text rank by words; null if not found by words
         * @param similarityScore by vectors; null if not found by vectors
         * @param textScore by words, BM25; null if not found by words
         */
        public record Ranks(
                @Nullable Integer similarity,
                @Nullable Integer text,
                @Nullable Float similarityScore,
                @Nullable Double textScore) {}

        /**
         * How the rows were found.
         *
         * @param search what the engine did
         * @param textCandidates rows found by words; null unless hybrid
         * @param diversityCandidates rows that diversity chose from; null unless asked for
         * @param embedded the embedded text; null for a search by vector or row
         * @param totalMicros of the whole search
         */
        public record Explanation(
                SearchExplanation search,
                @Nullable Integer textCandidates,
                @Nullable Integer diversityCandidates,
                @Nullable EmbeddedQuery embedded,
                long totalMicros) {}
    }
}
