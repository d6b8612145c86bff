package com.akidb.http.tables;

import com.akidb.engine.OnConflict;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.server.QueryParameters;
import com.akidb.table.RowService.EmbedMode;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST .../rows}: an object with rows, or one row a line. */
final class RowsBody {

    private static final Fields FIELDS = Fields.of("rows", "on_conflict", "embed");
    private static final List<String> CONFLICTS = List.of("error", "replace", "ignore");
    private static final List<String> EMBEDS = List.of("sync", "async");

    private final RowParser reader;
    private @Nullable List<@Nullable Object[]> rows;
    private OnConflict onConflict = OnConflict.ERROR;
    private EmbedMode embed = EmbedMode.SYNC;

    private RowsBody(TableSchema schema) {
        this.reader = new RowParser(schema);
    }

    static RowInsert read(JsonReader json, TableSchema schema) {
        RowsBody body = new RowsBody(schema);
        json.object(FIELDS, body::member);
        json.end();
        if (body.rows == null) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "rows is missing", "rows");
        }
        return new RowInsert(schema, body.rows, body.onConflict, body.embed);
    }

    private void member(JsonReader json, String name) {
        switch (name) {
            case "rows" -> {
                List<@Nullable Object[]> all = new ArrayList<>();
                json.array("an array of rows", (row, index) -> add(all, row, index));
                rows = all;
            }
            case "on_conflict" -> onConflict = json.nothing() ? onConflict : onConflict(json.string());
            case "embed" -> embed = json.nothing() ? embed : embed(json.string());
            default -> throw new IllegalStateException(name);
        }
    }

    /** Reads rows that come one a line; what else there is to say comes in the query. */
    static RowInsert readLines(JsonReader json, QueryParameters query, TableSchema schema) {
        OnConflict onConflict = onConflict(query.text("on_conflict", "error"));
        EmbedMode embed = embed(query.text("embed", "sync"));
        RowsBody body = new RowsBody(schema);
        List<@Nullable Object[]> all = new ArrayList<>();
        json.sequence("rows", (row, index) -> body.add(all, row, index));
        return new RowInsert(schema, all, onConflict, embed);
    }

    private void add(List<@Nullable Object[]> rows, JsonReader json, int index) {
        if (index == RowInsert.MAX_ROWS) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    "rows must be at most " + RowInsert.MAX_ROWS + " in one request; send the others in further ones",
                    "rows");
        }
        rows.add(reader.row(json));
    }

    private static OnConflict onConflict(String name) {
        return switch (name) {
            case "error" -> OnConflict.ERROR;
            case "replace" -> OnConflict.REPLACE;
            case "ignore" -> OnConflict.IGNORE;
            default -> throw unknown("on_conflict", name, CONFLICTS);
        };
    }

    static EmbedMode embed(String name) {
        return switch (name) {
            case "sync" -> EmbedMode.SYNC;
            case "async" -> EmbedMode.ASYNC;
            default -> throw unknown("embed", name, EMBEDS);
        };
    }

    private static InvalidInputException unknown(String field, String name, List<String> known) {
        String shown = name.length() > 64 ? name.substring(0, 64) : name;
        return new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT,
                field + " must be one of " + String.join(", ", known) + "; got '" + shown + "'"
                        + Suggestion.hint(name, known),
                field);
    }
}
