package com.akidb.table;

import com.akidb.engine.Column;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this room keeps in the properties of the engine's tables and columns. */
public final class ColumnFacts {

    /** Name of the key column of tables whose rows the server numbers. */
    public static final String ROW_ID = "row_id";

    /** Property of a table: {@link #TABLE} or {@link #COLLECTION}. */
    public static final String KIND = "kind";

    public static final String TABLE = "table";
    public static final String COLLECTION = "collection";

    /** Property of a collection: registry id of its model. */
    public static final String COLLECTION_MODEL = "model";

    /** Property of a column that users never see: {@code true}. */
    public static final String HIDDEN = "hidden";

    /** Property of a key column that the server fills: {@code true}. */
    public static final String AUTOMATIC = "automatic";

    /** Property of a computed column: name of the STRING column that its vectors are made from. */
    public static final String SOURCE = "computed.source";

    /** Property of a computed column: registry id of the model. */
    public static final String MODEL = "computed.model";

    /** Property of a computed column: whether a change of the source makes the vector anew; {@code true} or {@code false}. */
    public static final String AUTO_UPDATE = "computed.auto_update";

    /** Property of a computed column: whether its vectors go through the embedding cache; {@code true} or {@code false}. */
    public static final String CACHE = "computed.cache";

    /** Property of a computed column: the name by which its model was asked for, which may be an alias. */
    public static final String MODEL_NAME = "computed.model_name";

    /** Property of a computed column: whether its filling is paused; {@code true} or {@code false}. */
    public static final String PAUSED = "computed.paused";

    /** Property of a computed column: name of the column whose place it takes when it is filled. Users do not see it before. */
    public static final String REPLACES = "computed.replaces";

    private ColumnFacts() {}

    /** Where the vectors of a column come from. */
    public record Computed(String source, String model, boolean autoUpdate, boolean cache) {

        /** As the engine keeps it. */
        public Map<String, String> properties() {
            return Map.of(
                    SOURCE,
                    source,
                    MODEL,
                    model,
                    AUTO_UPDATE,
                    Boolean.toString(autoUpdate),
                    CACHE,
                    Boolean.toString(cache));
        }
    }

    /** Where the vectors of a column come from; null if users write them. */
    public static @Nullable Computed computed(Column column) {
        Map<String, String> facts = column.properties();
        String source = facts.get(SOURCE);
        String model = facts.get(MODEL);
        return source == null || model == null
                ? null
                : new Computed(source, model, isTrue(facts, AUTO_UPDATE), isTrue(facts, CACHE));
    }

    public static boolean isHidden(Column column) {
        return isTrue(column.properties(), HIDDEN) || column.properties().containsKey(REPLACES);
    }

    /** The hidden column that is to take the place of the one of this name; null if there is none. */
    public static @Nullable Column successor(TableDefinition table, String column) {
        return table.columns().stream()
                .filter(each ->
                        isHidden(each) && column.equals(each.properties().get(REPLACES)))
                .findFirst()
                .orElse(null);
    }

    /** The name of a column's successor. No column of a user has it, since theirs do not begin with a space. */
    public static String successorName(String column) {
        return " next " + column;
    }

    /** Whether the server gives the values. */
    public static boolean isAutomatic(Column column) {
        return isTrue(column.properties(), AUTOMATIC);
    }

    /** Whether the filling of a computed column is paused. */
    public static boolean isPaused(Column column) {
        return isTrue(column.properties(), PAUSED);
    }

    public static boolean isCollection(Table table) {
        return COLLECTION.equals(table.definition().properties().get(KIND));
    }

    private static boolean isTrue(Map<String, String> facts, String name) {
        return "true".equals(facts.get(name));
    }
}
