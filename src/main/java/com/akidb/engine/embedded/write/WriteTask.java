package com.akidb.engine.embedded.write;

import com.akidb.engine.Mutation;
import com.akidb.engine.WriteResult;
import com.akidb.engine.embedded.catalog.Catalog;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Something that waits for the writer. */
sealed interface WriteTask {

    /** Completes when it is done and durable. */
    CompletableFuture<?> answer();

    /** About the memory that it holds while it waits, in bytes. */
    long weight();

    /**
     * Writes to the rows of tables that happen together or not at all; any number of such tasks share a commit.
     *
     * @param parts in the order in which they are applied; at least one
     */
    record Rows(List<Part> parts, long weight, CompletableFuture<List<WriteResult>> answer) implements WriteTask {}

    /**
     * A write to the rows of one table.
     *
     * @param layout of the table under which the write was checked and its names are meant
     * @param columnsVersion of the columns for which the write was made; ANY_COLUMNS if it may be fitted to others
     */
    record Part(TableRecord table, TableLayout layout, Mutation mutation, long columnsVersion) {}

    /** A change of the catalog; has a commit of its own. */
    record Structure<T>(Change<T> change, CompletableFuture<T> answer) implements WriteTask {

        @Override
        public long weight() {
            return 0;
        }
    }

    /** A change of the catalog, in two steps. */
    interface Change<T> {

        /** Changes the database as of a commit, inside the transaction that is open. */
        T apply(Catalog catalog, long version) throws SQLException;

        /** Called by the writer's thread after the commit. */
        void committed(T result);
    }
}
