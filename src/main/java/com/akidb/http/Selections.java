package com.akidb.http;

import com.akidb.error.ErrorCode;
import com.akidb.http.json.JsonReader;
import com.akidb.query.FieldPath;
import com.akidb.table.Selected;
import com.akidb.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Names of columns that rows of an answer shall show. */
final class Selections {

    private static final int MOST_NAMES = 1_001;

    private Selections() {}

    /** Reads a list of names. */
    static void names(JsonReader json, Consumer<String> add) {
        json.array("an array of names of columns", (item, index) -> {
            if (index == MOST_NAMES) {
                throw item.invalid(ErrorCode.OUT_OF_RANGE, "is one name too many; at most " + MOST_NAMES);
            }
            add.accept(item.string());
        });
    }

    /**
     * What names in {@code select} stand for; {@code *}, and no name at all, for all columns.
     *
     * @param vectors whether that includes embedding columns; they can always be named
     */
    static List<Selected> of(TableSchema schema, List<String> names, boolean vectors) {
        if (names.isEmpty()) {
            return schema.all(vectors);
        }
        List<Selected> all = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String field = "select[" + i + "]";
            String name = names.get(i);
            for (Selected each : name.equals("*") ? schema.all(vectors) : List.of(selected(schema, name, field))) {
                if (all.stream().noneMatch(other -> other.name().equals(each.name()))) {
                    all.add(each);
                }
            }
        }
        return all;
    }

    private static Selected selected(TableSchema schema, String name, String field) {
        int position = schema.position(name);
        return position < 0
                ? schema.select(name, field)
                : new Selected(
                        name, FieldPath.column(name), schema.column(name, field).type());
    }
}
