package com.akidb.http.tables;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.query.FieldPath;
import com.akidb.table.Projection.Selected;
import com.akidb.table.TableSchema;
import com.akidb.table.TableService.NewTable;
import com.akidb.text.Names;
import com.akidb.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the rows of an answer show: columns by name, and expressions where allowed. */
final class Selections {

    /** All columns of the largest table, its row id included. */
    private static final int MOST_NAMES = NewTable.MAX_COLUMNS + 1;

    private static final int MOST_EXPRESSIONS = 16;
    private static final Fields EXPRESSION = Fields.of("expression", "as");

    private final List<Item> items = new ArrayList<>();
    private int expressions;

    /** @param expression null for a column */
    private record Item(String name, @Nullable String expression) {}

    /** Reads a list of names. */
    static void names(JsonReader json, Consumer<String> add) {
        json.array("an array of names of columns", (item, index) -> {
            requireRoom(item, index);
            add.accept(item.string());
        });
    }

    private static void requireRoom(JsonReader item, int index) {
        if (index == MOST_NAMES) {
            throw item.invalid(ErrorCode.OUT_OF_RANGE, "is one name too many; at most " + MOST_NAMES);
        }
    }

    /** Reads a list of names. */
    void readNames(JsonReader json) {
        names(json, name -> items.add(new Item(name, null)));
    }

    /** Reads a list of names and {@code {expression, as}}. */
    void read(JsonReader json) {
        json.array("an array of names of columns and {expression, as}", (item, index) -> {
            requireRoom(item, index);
            items.add(item.peek() == '{' ? expression(item) : new Item(name(item), null));
        });
    }

    private static String name(JsonReader item) {
        if (item.peek() != '"') {
            throw item.wrongType("a name of a column or {expression, as}");
        }
        return item.string();
    }

    private Item expression(JsonReader item) {
        if (++expressions > MOST_EXPRESSIONS) {
            throw item.invalid(ErrorCode.OUT_OF_RANGE, "is one expression too many; at most " + MOST_EXPRESSIONS);
        }
        String path = item.path();
        @Nullable String[] read = new @Nullable String[2];
        item.object(EXPRESSION, (member, name) -> read[name.equals("as") ? 1 : 0] = member.string());
        String text = read[0];
        String as = read[1];
        if (text == null || as == null) {
            String field = path + (text == null ? ".expression" : ".as");
            throw InvalidInputException.missing(field);
        }
        Names.requireColumn(as, path + ".as");
        return new Item(as, text);
    }

    /** Refuses expressions together with what allows columns only. */
    void requireNoExpression(String beside) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).expression != null) {
                String field = field(i);
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        field + " cannot be an expression beside " + beside + "; POST /api/v1/sql knows both",
                        field);
            }
        }
    }

    private static String field(int index) {
        return "select[" + index + "]";
    }

    /**
     * What is selected. {@code *}, like no selection at all, stands for all columns.
     *
     * @param vectors whether that includes embedding columns, which can always be named
     */
    List<Selected> of(TableSchema schema, boolean vectors) {
        if (items.isEmpty()) {
            return schema.all(vectors);
        }
        List<Selected> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            String field = field(i);
            if (item.expression != null) {
                all.add(new Selected.Expression(item.name, item.expression, field + ".expression"));
                continue;
            }
            for (Selected each :
                    item.name.equals("*") ? schema.all(vectors) : List.of(selected(schema, item.name, field))) {
                if (!all.contains(each)) {
                    all.add(each);
                }
            }
        }
        requireOwnNames(all);
        return all;
    }

    /** Each name may stand once in a row. */
    private static void requireOwnNames(List<Selected> all) {
        for (Selected each : all) {
            if (each instanceof Selected.Expression
                    && all.stream()
                            .anyMatch(other -> other != each && other.name().equals(each.name()))) {
                String field = ((Selected.Expression) each).field().replace(".expression", ".as");
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        field + " is '" + Words.shown(each.name()) + "', which select names already; choose another",
                        field);
            }
        }
    }

    private static Selected selected(TableSchema schema, String name, String field) {
        int position = schema.position(name);
        return position < 0
                ? schema.select(name, field)
                : new Selected.Field(
                        name, FieldPath.column(name), schema.column(name, field).type());
    }
}
