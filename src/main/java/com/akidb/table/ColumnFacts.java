package com.akidb.table;

import com.akidb.engine.Column;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The properties of the engine's tables and columns in which this room records what the engine does not know of. */
public final class ColumnFacts {

    /** Name of the key column of tables whose keys the server assigns. */
    public static final String ROW_ID = "row_id";

    /** Property of a table: {@link #TABLE} or {@link #COLLECTION}. */
    public static final String KIND = "kind";

    public static final String TABLE = "table";
    public static final String COLLECTION = "collection";

    /** Property of a collection: registry id of its model. */
    public static final String COLLECTION_MODEL = "model";

    /** Property of a column that users never see: {@code true}. */
    public static final String HIDDEN = "hidden";

    /** Property of a key column whose values the server assigns: {@code true}. */
    public static final String AUTOMATIC = "automatic";

    /** Property of a computed column: name of the STRING column whose texts are embedded. */
    public static final String SOURCE = "computed.source";

    /** Property of a computed column: registry id of the model. */
    public static final String MODEL = "computed.model";

    /** Property of a computed column: whether a vector is recomputed when its text changes; {@code true} or {@code false}. */
    public static final String AUTO_UPDATE = "computed.auto_update";

    /** Property of a computed column: whether its texts go through the embedding cache; {@code true} or {@code false}. */
    public static final String CACHE = "computed.cache";

    /** Property of a computed column: the name given for its model, possibly an alias. */
    public static final String MODEL_NAME = "computed.model_name";

    /** Property of a computed column: whether its filling is paused; {@code true} or {@code false}. */
    public static final String PAUSED = "computed.paused";

    /** Property of a computed column: name of the column that it will replace once it is filled. It is hidden until then. */
    public static final String REPLACES = "computed.replaces";

    private ColumnFacts() {}

    /** How the vectors of a column are computed. */
    public record Computed(String source, String model, boolean autoUpdate, boolean cache) {

        /** As column properties. */
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

    /** How the vectors of a column are computed; null if users write them. */
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

    /** The hidden column that will replace the one of this name; null if there is none. */
    public static @Nullable Column successor(TableDefinition table, String column) {
        return table.columns().stream()
                .filter(each ->
                        isHidden(each) && column.equals(each.properties().get(REPLACES)))
                .findFirst()
                .orElse(null);
    }

    /** The name of a column's successor. It begins with a space, which names of users' columns cannot. */
    public static String successorName(String column) {
        return " next " + column;
    }

    /** Whether the server assigns the values. */
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
