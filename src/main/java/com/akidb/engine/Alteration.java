package com.akidb.engine;

import com.akidb.query.Predicate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One change of a table's definition: all of it happens, durably, or nothing. Searches go on meanwhile. */
public sealed interface Alteration {

    /**
     * Adds a column at the end. Rows that are there take its default.
     *
     * @param pendingFor for a VECTOR column: the cells of the rows that satisfy it begin as {@link CellState#PENDING};
     *     null leaves all of them empty
     */
    record AddColumn(Column column, @Nullable Predicate pendingFor) implements Alteration {}

    /** Drops a column with its values and indexes. The primary key cannot be dropped. */
    record DropColumn(String name) implements Alteration {}

    /** Gives a column another name. Indexes stay. */
    record RenameColumn(String name, String newName) implements Alteration {}

    /**
     * Puts one VECTOR column in the place, and under the name, of another, which is dropped; in one commit, so that no
     * search mixes the two. Indexes on the old column are built anew on the new one with the same names and settings.
     *
     * @param name the column that goes
     * @param by the column that comes
     * @param properties facts that the owner keeps with it from then on
     */
    record ReplaceColumn(String name, String by, Map<String, String> properties) implements Alteration {
        public ReplaceColumn {
            properties = Map.copyOf(properties);
        }
    }

    /** Sets the facts that the owner keeps with a column. */
    record SetColumnProperties(String name, Map<String, String> properties) implements Alteration {
        public SetColumnProperties {
            properties = Map.copyOf(properties);
        }
    }

    /** Gives the table another name. */
    record RenameTable(String newName) implements Alteration {}
}
