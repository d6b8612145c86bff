package com.akidb.table;

import com.akidb.engine.ColumnType;
import com.akidb.engine.Row;
import com.akidb.engine.RowQuery;
import com.akidb.query.FieldPath;
import com.akidb.query.SelectReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes the selected values from the engine's rows. */
public final class Projection {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final List<Selected> select;
    private final List<RowQuery.Computed> expressions = new ArrayList<>();
    /** Where each selected value stands: in the row, or among the expressions. */
    private final int[] positions;

    /** @throws com.akidb.error.InvalidInputException if a column no longer exists, or an expression is not allowed */
    public Projection(TableSchema schema, List<Selected> select) {
        this.select = select;
        this.positions = new int[select.size()];
        for (int i = 0; i < positions.length; i++) {
            switch (select.get(i)) {
                case Selected.Field field ->
                    positions[i] = schema.position(
                            schema.column(field.field().column(), "select").name());
                case Selected.Expression expression -> {
                    positions[i] = expressions.size();
                    expressions.add(new RowQuery.Computed(
                            expression.field(),
                            SelectReader.expression(expression.text(), schema.named(), expression.field())));
                }
            }
        }
    }

    /** Whether vectors have to be read. */
    public boolean needsVectors() {
        return select.stream()
                .anyMatch(each -> each instanceof Selected.Field field && field.type() == ColumnType.VECTOR);
    }

    /** The expressions that the engine has to compute for each row. */
    List<RowQuery.Computed> expressions() {
        return expressions;
    }

    /** A row for which no expressions were computed. */
    public TableRow of(Row row, @Nullable Float score) {
        return of(row, List.of(), score);
    }

    /** @param computed the values of {@link #expressions} */
    TableRow of(Row row, List<? extends @Nullable Object> computed, @Nullable Float score) {
        List<@Nullable Object> values = new ArrayList<>(positions.length);
        for (int i = 0; i < positions.length; i++) {
            int position = positions[i];
            values.add(
                    switch (select.get(i)) {
                        case Selected.Field field ->
                            value(row.values().get(position), field.field().path());
                        case Selected.Expression _ -> computed.get(position);
                    });
        }
        return new TableRow(values, row.version(), row.changedAt(), score);
    }

    /** The value of one field of a row; null if there is none. */
    public static @Nullable Object value(TableSchema schema, Selected.Field field, Row row) {
        return value(
                row.values().get(schema.position(field.field().column())),
                field.field().path());
    }

    private static @Nullable Object value(@Nullable Object cell, List<String> path) {
        return path.isEmpty() || cell == null ? cell : inside((String) cell, path);
    }

    /** The JSON at a path inside JSON; null if there is nothing. */
    private static @Nullable String inside(String json, List<String> path) {
        JsonNode node = MAPPER.readTree(json);
        for (String key : path) {
            node = node.path(key);
        }
        return node.isMissingNode() || node.isNull() ? null : node.toString();
    }

    /** A value to show in an answer. */
    public sealed interface Selected {

        /** Its name in the answer. */
        String name();

        /**
         * A column, or a value inside a JSON column.
         *
         * @param name as the request wrote it
         * @param type of the value; JSON inside a JSON column
         */
        record Field(String name, FieldPath field, ColumnType type) implements Selected {}

        /**
         * A value computed from a row's columns.
         *
         * @param text an SQL expression; docs/TABLES-GUIDE.md says which are allowed
         * @param field the request field that holds the text
         */
        record Expression(String name, String text, String field) implements Selected {}
    }

    /**
     * A row of an answer.
     *
     * @param values the selected ones, in order, in the classes that {@link com.akidb.engine.ColumnType} names
     * @param version sequence number of the commit that last wrote the row
     * @param changedAt time of that commit
     * @param score similarity; null if not asked for
     */
    public record TableRow(
            List<@Nullable Object> values,
            long version,
            Instant changedAt,
            @Nullable Float score) {}
}
