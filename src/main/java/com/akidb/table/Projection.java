package com.akidb.table;

import com.akidb.engine.ColumnType;
import com.akidb.engine.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Picks what was selected out of the engine's rows. */
public final class Projection {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final List<Selected> select;
    private final int[] positions;

    public Projection(TableSchema schema, List<Selected> select) {
        this.select = select;
        this.positions = select.stream()
                .mapToInt(each -> schema.position(each.field().column()))
                .toArray();
    }

    /** Whether vectors have to be read. */
    public boolean needsVectors() {
        return select.stream().anyMatch(each -> each.type() == ColumnType.VECTOR);
    }

    public TableRow of(Row row, @Nullable Float score) {
        List<@Nullable Object> values = new ArrayList<>(positions.length);
        for (int i = 0; i < positions.length; i++) {
            Object value = row.values().get(positions[i]);
            List<String> path = select.get(i).field().path();
            values.add(path.isEmpty() || value == null ? value : inside((String) value, path));
        }
        return new TableRow(values, row.version(), row.changedAt(), score);
    }

    /** The JSON at a place inside JSON; null if there is nothing. */
    private static @Nullable String inside(String json, List<String> path) {
        JsonNode node = MAPPER.readTree(json);
        for (String key : path) {
            node = node.path(key);
        }
        return node.isMissingNode() || node.isNull() ? null : node.toString();
    }
}
