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

/** Picks what was selected out of the engine's rows. */
public final class Projection {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final List<Selected> select;
    private final List<RowQuery.Computed> expressions = new ArrayList<>();
    /** Of each in a row, or among what is computed of it. */
    private final int[] positions;

    /** @throws com.akidb.error.InvalidInputException if there is no such column any more, or an expression is not allowed */
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

    /** What the engine has to compute of each row. */
    List<RowQuery.Computed> expressions() {
        return expressions;
    }

    /** A row of which nothing is computed. */
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

    /** The JSON at a place inside JSON; null if there is nothing. */
    private static @Nullable String inside(String json, List<String> path) {
        JsonNode node = MAPPER.readTree(json);
        for (String key : path) {
            node = node.path(key);
        }
        return node.isMissingNode() || node.isNull() ? null : node.toString();
    }

    /** A value that an answer shows. */
    public sealed interface Selected {

        /** As the answer calls it. */
        String name();

        /**
         * A column, or a place inside one.
         *
         * @param name as the request wrote it
         * @param type of the value; JSON for a place inside a JSON column
         */
        record Field(String name, FieldPath field, ColumnType type) implements Selected {}

        /**
         * A value that is computed of a row's columns.
         *
         * @param text in SQL as users write it; docs/TABLES-GUIDE.md says what it may be
         * @param field the request field that holds the text
         */
        record Expression(String name, String text, String field) implements Selected {}
    }

    /**
     * A row of an answer.
     *
     * @param values of what was selected, in order, in the classes that {@link com.akidb.engine.ColumnType} names
     * @param version sequence number of the commit that wrote it last
     * @param changedAt time of that commit
     * @param score similarity; null if none was asked for
     */
    public record TableRow(
            List<@Nullable Object> values,
            long version,
            Instant changedAt,
            @Nullable Float score) {}
}
