package com.akidb.engine.embedded.store;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.vector.Metric;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An index that was asked for, as the store knows it.
 *
 * @param number never used again in its table
 * @param columns numbers of its columns, in order
 * @param builtTo id of the last row that is in it while it is being built
 * @param buildUntil id of the last row that there was when building began; later ones come in by themselves
 * @param error why it failed; null in other states
 */
record StoredIndex(
        int number,
        String name,
        IndexMethod method,
        List<Integer> columns,
        @Nullable Metric metric,
        Map<String, Integer> parameters,
        State state,
        long builtTo,
        long buildUntil,
        @Nullable String error) {

    StoredIndex {
        columns = List.copyOf(columns);
        parameters = Map.copyOf(parameters);
    }

    /** How far an index is. */
    enum State {
        BUILDING,
        /** It serves, and is being built anew. */
        REBUILDING,
        READY,
        FAILED
    }

    StoredIndex withState(State newState, @Nullable String why) {
        return new StoredIndex(number, name, method, columns, metric, parameters, newState, builtTo, buildUntil, why);
    }

    StoredIndex builtTo(long row) {
        return new StoredIndex(number, name, method, columns, metric, parameters, state, row, buildUntil, error);
    }

    boolean isBuilding() {
        return state == State.BUILDING || state == State.REBUILDING;
    }

    /** Whether all rows can be found by it. */
    boolean serves() {
        return state == State.READY || state == State.REBUILDING;
    }

    /** The index in the words of its table's definition. */
    IndexDefinition definition(TableLayout layout) {
        List<String> names = columns.stream()
                .map(column -> layout.column(layout.positionOf(column)).name())
                .toList();
        return new IndexDefinition(name, names, method, metric, parameters);
    }

    /** The state of an index that is not over a vector column; it lies on the disk and holds no memory. */
    IndexStatus status(TableLayout layout, long rowCount) {
        IndexDefinition definition = definition(layout);
        String shown = switch (state) {
            case BUILDING, REBUILDING -> "building";
            case READY -> "ready";
            case FAILED -> "failed";
        };
        int percent = serves() && !isBuilding() ? 100 : percentBuilt();
        long rows = serves() ? rowCount : rowCount * percent / 100;
        return new IndexStatus(definition, definition.columns().getFirst(), shown, percent, rows, 0, null, error);
    }

    private int percentBuilt() {
        return buildUntil == 0 ? 0 : (int) Math.min(100, 100 * builtTo / buildUntil);
    }
}
