package com.akidb.engine.embedded.write;

import com.akidb.engine.Kept;
import com.akidb.engine.Mutation;
import com.akidb.engine.RowSelection;
import com.akidb.engine.WriteResult;
import com.akidb.engine.embedded.catalog.Catalog;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.query.Predicate;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Something that waits for the writer. */
sealed interface WriteTask {

    /** Completes when it is done and durable. */
    CompletableFuture<?> answer();

    /** Whether its caller has given up; for any thread. */
    boolean isOver();

    /** About the memory that it holds while it waits, in bytes. */
    long weight();

    /**
     * Writes to the rows of tables that happen together or not at all; any number of such tasks share a commit.
     *
     * @param parts in the order in which they are applied; at least one
     * @param kept the receipt or note that they leave; null for none
     * @param patience tells whether that of its caller is over
     */
    record Rows(
            List<Part> parts,
            @Nullable Kept kept,
            long weight,
            CompletableFuture<List<WriteResult>> answer,
            BooleanSupplier patience)
            implements WriteTask {

        /** Writes that leave neither. */
        Rows(List<Part> parts, long weight, CompletableFuture<List<WriteResult>> answer, BooleanSupplier patience) {
            this(parts, null, weight, answer, patience);
        }

        @Override
        public boolean isOver() {
            return answer.isDone() || patience.getAsBoolean();
        }

        /** Whether a part has a condition whose rows are not known yet. */
        boolean isToBeMatched() {
            return parts.stream().anyMatch(part -> part.matches() == null && part.condition() != null);
        }

        /** Whether it makes room, and so may be done with what is in reserve. */
        boolean isDeletion() {
            return parts.stream().allMatch(part -> part.mutation() instanceof Mutation.Delete);
        }
    }

    /**
     * A write to the rows of one table.
     *
     * @param layout of the table under which the write was checked and its names are meant
     * @param columnsVersion of the columns for which the write was made; ANY_COLUMNS if it may be fitted to others
     * @param within see {@link com.akidb.engine.TableMutation}
     * @param matches the rows that satisfied its condition a while ago; null if it has none, or one that is quick
     */
    record Part(
            TableRecord table,
            TableLayout layout,
            Mutation mutation,
            long columnsVersion,
            @Nullable Predicate within,
            @Nullable ConditionMatches matches) {

        /** The condition of the rows that it is about; null if it names them otherwise. */
        @Nullable
        Predicate condition() {
            RowSelection rows = switch (mutation) {
                case Mutation.Delete delete -> delete.rows();
                case Mutation.Update update -> update.rows();
                case Mutation.Recompute recompute -> recompute.rows();
                case Mutation.Insert _, Mutation.UpdateEach _, Mutation.Fill _ -> null;
            };
            return rows instanceof RowSelection.Where(Predicate condition) ? condition : null;
        }
    }

    /** A change of the catalog; has a commit of its own. */
    record Structure<T>(Change<T> change, CompletableFuture<T> answer, BooleanSupplier patience) implements WriteTask {

        @Override
        public boolean isOver() {
            return patience.getAsBoolean();
        }

        @Override
        public long weight() {
            return 0;
        }
    }

    /** Work on the database that is no commit. */
    record Chore<T>(Work<T> work, CompletableFuture<T> answer) implements WriteTask {

        /** What is done by the writer's thread, while no transaction is open. */
        interface Work<T> {
            T run() throws SQLException;
        }

        @Override
        public boolean isOver() {
            return answer.isDone();
        }

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

        /** Whether it makes room, and so may be done with what is in reserve. */
        default boolean isDeletion() {
            return false;
        }
    }
}
