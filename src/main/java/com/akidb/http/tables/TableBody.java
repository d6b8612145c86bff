package com.akidb.http.tables;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.table.TableService.NewColumn;
import com.akidb.table.TableService.NewTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bodies that make and rename tables. */
final class TableBody {

    private static final Fields FIELDS = Fields.of("name", "columns", "primary_key");
    private static final Fields NAME = Fields.of("name");

    private @Nullable String name;
    private @Nullable List<NewColumn> columns;
    private @Nullable String primaryKey;

    static NewTable read(JsonReader json) {
        TableBody body = new TableBody();
        json.object(FIELDS, body::member);
        json.end();
        if (body.columns == null) {
            throw missing("columns");
        }
        return new NewTable(body.name(), body.columns, body.primaryKey);
    }

    /** The new name of a table or a column. */
    static String readName(JsonReader json) {
        TableBody body = new TableBody();
        json.object(NAME, body::member);
        json.end();
        return body.name();
    }

    private String name() {
        if (name == null) {
            throw missing("name");
        }
        return name;
    }

    private void member(JsonReader json, String member) {
        switch (member) {
            case "name" -> name = json.string();
            case "primary_key" -> primaryKey = json.stringOrNull();
            case "columns" -> {
                List<NewColumn> all = new ArrayList<>();
                json.array("an array of columns", (column, index) -> {
                    if (index == NewTable.MAX_COLUMNS) {
                        throw new InvalidInputException(
                                ErrorCode.OUT_OF_RANGE, "columns must be at most " + NewTable.MAX_COLUMNS, "columns");
                    }
                    all.add(ColumnBody.read(column));
                });
                columns = all;
            }
            default -> throw new IllegalStateException(member);
        }
    }

    private static InvalidInputException missing(String field) {
        return new InvalidInputException(ErrorCode.MISSING_FIELD, field + " is missing", field);
    }
}
