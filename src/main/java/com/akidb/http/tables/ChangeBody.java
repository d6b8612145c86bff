package com.akidb.http.tables;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.akidb.table.RowService.EmbedMode;
import com.akidb.table.RowService.RowUpdate;
import com.akidb.table.TableSchema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bodies that change rows: by condition with {@code where}, or of one row without. */
final class ChangeBody {

    private static final Fields BY_CONDITION = Fields.of("where", "values", "embed");
    private static final Fields BY_KEY = Fields.of("values", "embed");
    private static final Fields DELETE = Fields.of("where");

    private final TableSchema schema;
    private @Nullable Predicate where;
    private @Nullable Map<String, @Nullable Object> values;
    private EmbedMode embed = EmbedMode.SYNC;

    private ChangeBody(TableSchema schema) {
        this.schema = schema;
    }

    /** An update of the rows that satisfy a condition. */
    static RowUpdate update(JsonReader json, TableSchema schema) {
        ChangeBody body = read(json, BY_CONDITION, schema);
        return new RowUpdate(schema, condition(body), null, body.changes(), body.embed);
    }

    /** An update of one row. */
    static RowUpdate update(JsonReader json, TableSchema schema, String key) {
        ChangeBody body = read(json, BY_KEY, schema);
        return new RowUpdate(schema, null, key, body.changes(), body.embed);
    }

    /** The condition of the rows to delete. */
    static Predicate delete(JsonReader json, TableSchema schema) {
        return condition(read(json, DELETE, schema));
    }

    private static ChangeBody read(JsonReader json, Fields fields, TableSchema schema) {
        ChangeBody body = new ChangeBody(schema);
        json.object(fields, body::member);
        json.end();
        return body;
    }

    private void member(JsonReader json, String name) {
        switch (name) {
            case "where" -> where = FilterParser.parse(json.tree(), "where", schema.fields());
            case "values" -> values = new RowParser(schema).values(json);
            case "embed" -> embed = json.nothing() ? embed : RowsBody.embed(json.string());
            default -> throw new IllegalStateException(name);
        }
    }

    private static Predicate condition(ChangeBody body) {
        if (body.where == null) {
            throw new InvalidInputException(
                    ErrorCode.MISSING_FIELD, "where is missing; an empty list means all rows", "where");
        }
        return body.where;
    }

    private Map<String, @Nullable Object> changes() {
        if (values == null) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "values is missing", "values");
        }
        return values;
    }
}
