package com.akidb.account;

import org.jspecify.annotations.Nullable;

/**
 * Whom work is done for and charged to: the caller behind a request, with the quotas that hold for it, or the server itself. It goes
 * along with a request to the two places that charge it: the embedding manager charges texts, and what writes rows charges
 * rows. Safe for many threads; never blocks.
 */
public interface Account {

    /** The server's own work, such as warming up a model, and work that was charged to somebody before. */
    Account SERVER = new Account() {

        @Override
        public void chargeTexts(long texts) {}

        @Override
        public void chargeRows(long rows) {}

        @Override
        public void updatedRows(long rows) {}

        @Override
        public void deletedRows(long rows) {}

        @Override
        public String toString() {
            return "the server";
        }
    };

    /**
     * Counts texts that are about to be embedded, from the cache or not.
     *
     * @param texts not negative; 0 is not counted
     * @throws RuntimeException an {@code AkidbException} if they are too many: nothing of them may be embedded then
     */
    void chargeTexts(long texts);

    /**
     * Counts rows that are about to be written.
     *
     * @param rows not negative; 0 is not counted
     * @throws RuntimeException an {@code AkidbException} if they are too many: none of them may be written then
     */
    void chargeRows(long rows);

    /**
     * Counts rows that were updated: how many an update would change is known only when it is done. It comes too late to be
     * refused, but what uses up a quota here is missing for what comes next.
     */
    void updatedRows(long rows);

    /** Notes rows that were deleted, for the audit log; deleting is never charged. */
    void deletedRows(long rows);

    /** What of the data the caller may see and change. */
    default Rights rights() {
        return Rights.ALL;
    }

    /** What a repeat of the request is known by; null if its caller said nothing of repeats. */
    default @Nullable RequestKey requestKey() {
        return null;
    }
}
