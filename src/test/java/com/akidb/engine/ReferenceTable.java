package com.akidb.engine;

import com.akidb.engine.Mutation.Computed;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.Suggestion;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.text.Unicode;
import com.akidb.vector.Vectors;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One version of a table of the {@link ReferenceEngine}: what it is made of and its rows. A write or an alteration makes a
 * copy, changes that, and puts it in the place of the old one when all of it went well.
 */
final class ReferenceTable {

    private static final int MOST_COLUMNS = 1_100;
    private static final int MOST_INDEXES = 64;
    private static final int MOST_INDEX_COLUMNS = 16;
    private static final int LONGEST_NAME = 255;

    /** Seconds from 1970 whose microseconds fit into 64 bits. */
    private static final double MOST_SECONDS = Long.MAX_VALUE / 1e6;

    final UUID id;
    final Instant createdAt;
    TableDefinition definition;
    long version;

    /** Numbers of the columns, in their order, which they keep whatever they are called. */
    List<Integer> columnIds = new ArrayList<>();

    /** Indexes that were asked for, in their order, over the ids of columns. */
    final Map<String, Index> indexes = new LinkedHashMap<>();

    final TreeMap<Long, Stored> rows = new TreeMap<>();

    /** Rows beyond which the write that is being applied sees none, and those that it has written. */
    private @Nullable Predicate within;

    private final Set<Long> written = new HashSet<>();

    /** Rows that were deleted or replaced, in the order in which that happened. */
    final List<Changes.Change> gone = new ArrayList<>();

    /** The last commit that changed which columns there are, or what they are called. */
    long columnsSince;

    /** The last commit that changed anything about the columns. */
    private long columnsVersion;

    private final Map<String, Long> rowIds = new HashMap<>();
    private int nextColumnId;
    private long nextRowId = 1;

    record Index(IndexDefinition definition, List<Integer> columns) {}

    /** A cell that waits or failed, by the commit that made it so. */
    record Mark(CellState state, long stamp, @Nullable String error) {}

    /**
     * A row.
     *
     * @param values by column; never {@link Uncomputed}
     * @param marks by the id of the column
     */
    record Stored(
            long rowId, long version, Instant changedAt, List<@Nullable Object> values, Map<Integer, Mark> marks) {}

    ReferenceTable(TableDefinition definition, long version) {
        check(definition);
        this.id = UUID.randomUUID();
        this.createdAt = now();
        this.definition = definition;
        this.version = version;
        this.columnsSince = version;
        this.columnsVersion = version;
        definition.columns().forEach(_ -> columnIds.add(nextColumnId++));
    }

    private ReferenceTable(ReferenceTable other) {
        id = other.id;
        createdAt = other.createdAt;
        definition = other.definition;
        version = other.version;
        columnIds = new ArrayList<>(other.columnIds);
        indexes.putAll(other.indexes);
        rows.putAll(other.rows);
        gone.addAll(other.gone);
        columnsSince = other.columnsSince;
        columnsVersion = other.columnsVersion;
        rowIds.putAll(other.rowIds);
        nextColumnId = other.nextColumnId;
        nextRowId = other.nextRowId;
    }

    ReferenceTable copy() {
        return new ReferenceTable(this);
    }

    /** Notes what a commit did beside writing rows: which it took away, and whether the columns are others. */
    void noteChanges(ReferenceTable before, long commit) {
        before.rows.forEach((rowId, row) -> {
            if (!rows.containsKey(rowId)) {
                gone.add(new Changes.Change(commit, rowId, before.key(row.values), null));
            }
        });
        boolean sameNames = definition.columns().stream()
                .map(Column::name)
                .toList()
                .equals(before.definition.columns().stream().map(Column::name).toList());
        if (!sameNames || !columnIds.equals(before.columnIds)) {
            columnsSince = commit;
        }
        boolean same =
                columnIds.equals(before.columnIds) && definition.columns().equals(before.definition.columns());
        columnsVersion = same ? columnsVersion : commit;
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    Table shown() {
        return new Table(id, definition, columnsVersion, createdAt, rows.size(), version);
    }

    Row shown(Stored row, boolean includeVectors) {
        List<@Nullable Object> values = new ArrayList<>(row.values);
        for (int i = 0; i < values.size() && !includeVectors; i++) {
            if (definition.columns().get(i).type() == ColumnType.VECTOR) {
                values.set(i, null);
            }
        }
        return new Row(row.rowId, row.version, row.changedAt, values);
    }

    int position(String column, String field) {
        List<String> names = definition.columns().stream().map(Column::name).toList();
        int position = names.indexOf(column);
        if (position < 0) {
            throw new InvalidInputException(
                    ErrorCode.UNKNOWN_FIELD,
                    "There is no column '" + column + "'" + Suggestion.hint(column, names),
                    field);
        }
        return position;
    }

    int vectorPosition(String column, String field) {
        int position = position(column, field);
        if (definition.columns().get(position).type() != ColumnType.VECTOR) {
            throw invalid("'" + column + "' holds no vectors", field);
        }
        return position;
    }

    /** Position of the column that a condition or an order names. */
    int scalarPosition(FieldPath path, String field) {
        int position = position(path.column(), field);
        ColumnType type = definition.columns().get(position).type();
        if (type == ColumnType.VECTOR || (!path.path().isEmpty() && type != ColumnType.JSON)) {
            throw invalid("'" + path + "' has no values to compare", field);
        }
        return position;
    }

    /** The row with a primary key, as text. */
    Optional<Stored> find(String key) {
        return Optional.ofNullable(rowIds.get(key)).map(rows::get);
    }

    String key(List<@Nullable Object> values) {
        return String.valueOf(values.get(definition.indexOf(definition.primaryKey())));
    }

    // Writes

    /** As {@link #apply}, for a write that may concern only the rows that satisfy a condition; null for all. */
    WriteResult applyWithin(@Nullable Predicate condition, Mutation mutation, long commit) {
        within = condition;
        written.clear();
        WriteResult result = apply(mutation, commit);
        for (long row : written) {
            requireWithin(rows.get(row));
        }
        within = null;
        return result;
    }

    private boolean isWithin(Stored row) {
        return within == null || new ReferenceFields(this).passes(row, within);
    }

    private void requireWithin(@Nullable Stored row) {
        if (row != null && !isWithin(row)) {
            throw new ForbiddenException("A row is beyond what the write may concern");
        }
    }

    /** What a write did; the version is that of the commit if it did anything. */
    WriteResult apply(Mutation mutation, long commit) {
        int[] counts = new int[5];
        switch (mutation) {
            case Mutation.Insert insert -> {
                for (int i = 0; i < insert.rows().size(); i++) {
                    counts[insert(checked(insert.rows().get(i), i), i, insert.onConflict(), commit)]++;
                }
            }
            case Mutation.Update update -> {
                Map<Integer, @Nullable Object> changes = changes(update.values(), "values");
                List<Stored> selected = select(update.rows());
                selected.forEach(row -> change(row, changes, "values.", commit));
                counts[3] = selected.size();
            }
            case Mutation.UpdateEach update -> {
                List<Map<Integer, @Nullable Object>> changes = new ArrayList<>();
                for (int i = 0; i < update.rows().size(); i++) {
                    changes.add(changes(update.rows().get(i).values(), "rows[" + i + "]"));
                }
                for (int i = 0; i < update.rows().size(); i++) {
                    Optional<Stored> row =
                            find(String.valueOf(update.rows().get(i).key())).filter(this::isWithin);
                    if (row.isPresent()) {
                        change(row.get(), changes.get(i), "rows[" + i + "].", commit);
                    } else if (update.ifMissing() == Mutation.IfMissing.ERROR) {
                        throw new NotFoundException(
                                ErrorCode.NOT_FOUND, "Row not found", "rows[" + i + "]." + definition.primaryKey());
                    }
                    counts[row.isPresent() ? 3 : 2]++;
                }
            }
            case Mutation.Delete delete -> {
                List<Stored> gone = select(delete.rows());
                gone.forEach(this::remove);
                counts[4] = gone.size();
            }
            case Mutation.Recompute recompute -> {
                int column = columnIds.get(vectorPosition(recompute.column(), "column"));
                List<Stored> waiting = select(recompute.rows());
                waiting.forEach(row -> mark(row, column, new Mark(CellState.PENDING, commit, null)));
                counts[3] = waiting.size();
            }
            case Mutation.Fill fill -> {
                int position = vectorPosition(fill.column(), "column");
                for (int i = 0; i < fill.cells().size(); i++) {
                    counts[fill(position, fill.cells().get(i), "cells[" + i + "]", commit) ? 3 : 2]++;
                }
            }
        }
        if (counts[0] + counts[1] + counts[3] + counts[4] > 0) {
            version = commit;
        }
        return new WriteResult(counts[0], counts[1], counts[2], counts[3], counts[4], version);
    }

    private List<Stored> select(RowSelection selection) {
        return all(selection).stream().filter(this::isWithin).toList();
    }

    private List<Stored> all(RowSelection selection) {
        return switch (selection) {
            case RowSelection.All _ -> List.copyOf(rows.values());
            case RowSelection.Keys(List<String> keys) -> {
                yield keys.stream()
                        .distinct()
                        .flatMap(key -> find(key).stream())
                        .toList();
            }
            case RowSelection.AsOf(String key, long version) ->
                find(key).filter(row -> row.version() == version).stream().toList();
            case RowSelection.Where(Predicate condition) -> {
                ReferenceFields fields = new ReferenceFields(this);
                fields.check(condition, "filter");
                yield rows.values().stream()
                        .filter(row -> fields.passes(row, condition))
                        .toList();
            }
        };
    }

    private List<@Nullable Object> checked(List<@Nullable Object> row, int index) {
        if (row.size() != definition.columns().size()) {
            throw invalid("A row has a value for each column", "rows[" + index + "]");
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            Column column = definition.columns().get(i);
            boolean given = column.type() == ColumnType.INT && column.name().equals(definition.primaryKey());
            values.add(value(column, row.get(i), "rows[" + index + "]." + column.name(), given));
        }
        return values;
    }

    /** 0 if the row was inserted, 1 if it replaced another, 2 if it was passed over. */
    private int insert(List<@Nullable Object> values, int index, OnConflict onConflict, long commit) {
        long rowId = nextRowId++;
        int keyPosition = definition.indexOf(definition.primaryKey());
        if (values.get(keyPosition) == null) {
            while (find(String.valueOf(rowId)).isPresent()) {
                rowId = nextRowId++;
            }
            values.set(keyPosition, rowId);
        }
        Optional<Stored> old = find(key(values));
        if (old.isPresent() && onConflict == OnConflict.ERROR) {
            throw new ConflictException(
                    ErrorCode.ALREADY_EXISTS,
                    "'" + key(values) + "' exists already",
                    "rows[" + index + "]." + definition.primaryKey());
        }
        if (old.isPresent() && onConflict == OnConflict.IGNORE) {
            return 2;
        }
        old.ifPresent(this::requireWithin);
        old.ifPresent(this::remove);
        put(new Stored(rowId, commit, now(), values, Map.of()), "rows[" + index + "].", commit);
        return old.isPresent() ? 1 : 0;
    }

    private Map<Integer, @Nullable Object> changes(Map<String, @Nullable Object> given, String blame) {
        if (given.isEmpty()) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "'" + blame + "' names no column", blame);
        }
        Map<Integer, @Nullable Object> changes = new HashMap<>();
        given.forEach((name, value) -> {
            String field = blame + "." + name;
            int position = position(name, field);
            if (name.equals(definition.primaryKey())) {
                throw invalid("The primary key cannot be changed", field);
            }
            changes.put(position, value(definition.columns().get(position), value, field, false));
        });
        return changes;
    }

    private void change(Stored row, Map<Integer, @Nullable Object> changes, String blame, long commit) {
        List<@Nullable Object> values = new ArrayList<>(row.values);
        Map<Integer, Mark> marks = new HashMap<>(row.marks);
        changes.forEach((position, value) -> {
            values.set(position, value);
            marks.remove(columnIds.get(position));
        });
        put(new Stored(row.rowId, commit, now(), values, marks), blame, commit);
    }

    /** Stores a row whose values may be uncomputed, if what must be unique is. */
    private void put(Stored row, String field, long commit) {
        written.add(row.rowId);
        for (int i = 0; i < row.values.size(); i++) {
            Column column = definition.columns().get(i);
            Object value = row.values.get(i);
            int position = i;
            if (column.unique()
                    && value != null
                    && rows.values().stream()
                            .anyMatch(other -> other.rowId != row.rowId && value.equals(other.values.get(position)))) {
                throw new ConflictException(
                        ErrorCode.ALREADY_EXISTS,
                        "Another row has '" + value + "' in '" + column.name() + "'",
                        field + column.name());
            }
        }
        List<@Nullable Object> values = new ArrayList<>(row.values);
        Map<Integer, Mark> marks = new HashMap<>(row.marks);
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) instanceof Uncomputed uncomputed) {
                values.set(i, null);
                marks.put(columnIds.get(i), mark(uncomputed, commit));
            }
        }
        rowIds.put(key(values), row.rowId);
        rows.put(
                row.rowId,
                new Stored(
                        row.rowId,
                        row.version,
                        row.changedAt,
                        Collections.<@Nullable Object>unmodifiableList(values),
                        Map.copyOf(marks)));
    }

    private void remove(Stored row) {
        rows.remove(row.rowId);
        rowIds.remove(key(row.values));
    }

    private static Mark mark(Uncomputed uncomputed, long commit) {
        return switch (uncomputed) {
            case Uncomputed.Pending _ -> new Mark(CellState.PENDING, commit, null);
            case Uncomputed.Failed(String error) -> new Mark(CellState.FAILED, commit, error);
        };
    }

    private void mark(Stored row, int column, Mark mark) {
        Map<Integer, Mark> marks = new HashMap<>(row.marks);
        marks.put(column, mark);
        rows.put(row.rowId, new Stored(row.rowId, row.version, row.changedAt, row.values, Map.copyOf(marks)));
    }

    /** Whether what was computed is still wanted. */
    private boolean fill(int position, Computed computed, String field, long commit) {
        if (computed.value() instanceof Uncomputed.Pending) {
            throw invalid("A computed cell holds a vector or says why not", field);
        }
        Object value = value(definition.columns().get(position), computed.value(), field, true);
        Stored row = rows.get(computed.rowId());
        int column = columnIds.get(position);
        Mark mark = row == null ? null : row.marks.get(column);
        if (row == null || mark == null || mark.stamp != computed.stamp()) {
            return false;
        }
        boolean seen = value instanceof float[] || row.values.get(position) != null;
        List<@Nullable Object> values = new ArrayList<>(row.values);
        values.set(position, value);
        Map<Integer, Mark> marks = new HashMap<>(row.marks);
        marks.remove(column);
        put(
                new Stored(row.rowId, seen ? commit : row.version, seen ? now() : row.changedAt, values, marks),
                "values.",
                commit);
        return true;
    }

    /** The value as it is kept: instants are cut to microseconds, and there is one zero. */
    private static @Nullable Object value(Column column, @Nullable Object value, String field, boolean mayBeAbsent) {
        if (value == null && column.required() && !mayBeAbsent) {
            throw new InvalidInputException(
                    ErrorCode.MISSING_FIELD, "'" + column.name() + "' must have a value", field);
        }
        if (value == null || (column.type() == ColumnType.VECTOR && value instanceof Uncomputed)) {
            return value;
        }
        return switch (column.type()) {
            case STRING, JSON -> {
                String text = typed(String.class, value, field);
                if (!Unicode.isWellFormed(text)) {
                    throw invalid("'" + column.name() + "' has an unpaired surrogate", field);
                }
                yield text;
            }
            case INT -> typed(Long.class, value, field);
            case BOOL -> typed(Boolean.class, value, field);
            case FLOAT -> {
                double number = typed(Double.class, value, field);
                if (!Double.isFinite(number)) {
                    throw new InvalidInputException(ErrorCode.WRONG_TYPE, "must be finite", field);
                }
                yield number + 0.0;
            }
            case TIMESTAMP -> {
                Instant instant = typed(Instant.class, value, field);
                if (Math.abs((double) instant.getEpochSecond()) > MOST_SECONDS) {
                    throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "is too far from 1970", field);
                }
                yield instant.truncatedTo(ChronoUnit.MICROS);
            }
            case VECTOR -> {
                float[] vector = typed(float[].class, value, field);
                Vectors.requireUsable(vector, column.dimension(), Objects.requireNonNull(column.metric()), field);
                yield vector.clone();
            }
        };
    }

    private static <T> T typed(Class<T> type, Object value, String field) {
        if (!type.isInstance(value)) {
            throw new InvalidInputException(ErrorCode.WRONG_TYPE, "must be a " + type.getSimpleName(), field);
        }
        return type.cast(value);
    }

    // Definitions

    void alter(Alteration alteration, long commit) {
        List<Column> columns = new ArrayList<>(definition.columns());
        switch (alteration) {
            case Alteration.AddColumn(Column column, Predicate pendingFor) -> add(columns, column, pendingFor, commit);
            case Alteration.DropColumn(String name) -> {
                int position = position(name, "name");
                if (name.equals(definition.primaryKey())) {
                    throw invalid("The primary key cannot be dropped", "name");
                }
                int column = columnIds.get(position);
                indexes.values().removeIf(index -> index.columns.contains(column));
                columns.remove(position);
                remove(position);
                redefine(definition.name(), columns, definition.primaryKey());
            }
            case Alteration.RenameColumn(String name, String newName) -> {
                int position = position(name, "name");
                columns.set(position, columns.get(position).renamed(newName));
                redefine(
                        definition.name(),
                        columns,
                        name.equals(definition.primaryKey()) ? newName : definition.primaryKey());
            }
            case Alteration.ReplaceColumn(String name, String by, Map<String, String> properties) ->
                replace(columns, vectorPosition(name, "name"), vectorPosition(by, "by"), properties);
            case Alteration.SetColumnProperties(String name, Map<String, String> properties) -> {
                int position = position(name, "name");
                columns.set(position, columns.get(position).withProperties(properties));
                redefine(definition.name(), columns, definition.primaryKey());
            }
            case Alteration.RenameTable(String newName) -> redefine(newName, columns, definition.primaryKey());
        }
        version = commit;
    }

    private void add(List<Column> columns, Column column, @Nullable Predicate pendingFor, long commit) {
        columns.add(column);
        redefine(definition.name(), columns, definition.primaryKey());
        int number = nextColumnId++;
        columnIds.add(number);
        if (column.required() && column.defaultValue() == null && !rows.isEmpty()) {
            throw invalid("'" + column.name() + "' is required and has no default", "column.default");
        }
        if (column.unique() && column.defaultValue() != null && rows.size() > 1) {
            throw new ConflictException(ErrorCode.CONFLICT, "The rows would not be unique", "column");
        }
        rows.replaceAll((rowId, row) -> {
            List<@Nullable Object> values = new ArrayList<>(row.values);
            values.add(column.defaultValue());
            return new Stored(rowId, row.version, row.changedAt, values, row.marks);
        });
        if (pendingFor != null) {
            select(new RowSelection.Where(pendingFor))
                    .forEach(row -> mark(row, number, new Mark(CellState.PENDING, commit, null)));
        }
    }

    private void replace(List<Column> columns, int position, int by, Map<String, String> properties) {
        if (position == by) {
            throw invalid("A column cannot take its own place", "by");
        }
        String name = columns.get(position).name();
        int goes = columnIds.get(position);
        int comes = columnIds.get(by);
        List<Index> moved = indexes.values().stream()
                .filter(index -> index.columns.contains(goes))
                .toList();
        indexes.values()
                .removeIf(index -> index.columns.contains(comes)
                        && moved.stream().anyMatch(other -> other.definition.metric() == index.definition.metric()));
        indexes.replaceAll((_, index) -> moved.contains(index) ? new Index(index.definition, List.of(comes)) : index);
        columns.set(position, columns.get(by).renamed(name).withProperties(properties));
        columns.remove(by);
        rows.replaceAll((rowId, row) -> {
            List<@Nullable Object> values = new ArrayList<>(row.values);
            values.set(position, values.get(by));
            return new Stored(rowId, row.version, row.changedAt, values, row.marks);
        });
        columnIds.set(position, comes);
        remove(by);
        redefine(definition.name(), columns, definition.primaryKey());
    }

    private void remove(int position) {
        columnIds.remove(position);
        rows.replaceAll((rowId, row) -> {
            List<@Nullable Object> values = new ArrayList<>(row.values);
            values.remove(position);
            return new Stored(rowId, row.version, row.changedAt, values, row.marks);
        });
    }

    private void redefine(String name, List<Column> columns, String primaryKey) {
        TableDefinition changed = new TableDefinition(name, columns, primaryKey, definition.properties());
        check(changed);
        definition = changed;
    }

    private static void check(TableDefinition definition) {
        checkName(definition.name(), "name");
        if (definition.columns().size() > MOST_COLUMNS) {
            throw outOfRange("There are too many columns", "columns");
        }
        Set<String> names = new HashSet<>();
        for (Column column : definition.columns()) {
            checkName(column.name(), "columns");
            boolean vector = column.type() == ColumnType.VECTOR;
            if (!names.add(column.name())
                    || vector != (column.metric() != null)
                    || vector != (column.dimension() >= 1)
                    || (column.unique() && (vector || column.type() == ColumnType.JSON))
                    || (vector && column.defaultValue() != null)) {
                throw invalid("'" + column.name() + "' cannot be a column", "columns");
            }
            value(column, column.defaultValue(), "columns", true);
        }
        if (definition.columns().stream()
                .noneMatch(column -> column.name().equals(definition.primaryKey())
                        && (column.type() == ColumnType.STRING || column.type() == ColumnType.INT)
                        && column.required())) {
            throw invalid("There is no primary key", "primaryKey");
        }
    }

    private static void checkName(String name, String field) {
        if (name.isEmpty() || name.codePointCount(0, name.length()) > LONGEST_NAME) {
            throw outOfRange("A name has 1 to " + LONGEST_NAME + " characters", field);
        }
        if (!Unicode.isWellFormed(name)) {
            throw invalid("A name has an unpaired surrogate", field);
        }
    }

    // Indexes, which change no answer but those of searches by words

    void createIndex(IndexDefinition wanted, long commit) {
        checkName(wanted.name(), "name");
        boolean vector = wanted.method().isVector();
        int count = wanted.columns().size();
        if (count == 0 || count > (vector ? 1 : MOST_INDEX_COLUMNS) || indexes.size() >= MOST_INDEXES) {
            throw outOfRange("An index has a few columns, and a table a few indexes", "columns");
        }
        if (vector != (wanted.metric() != null) || new HashSet<>(wanted.columns()).size() < count) {
            throw invalid("An index over vectors has a metric, and no column is named twice", "columns");
        }
        List<Integer> columns = new ArrayList<>();
        for (String name : wanted.columns()) {
            int position = position(name, "columns");
            if (!wanted.method().suits(definition.columns().get(position).type())) {
                throw invalid("'" + name + "' cannot be indexed so", "columns");
            }
            columns.add(columnIds.get(position));
        }
        for (Index other : indexes.values()) {
            if (other.definition.name().equals(wanted.name())
                    || (vector && other.columns.equals(columns) && other.definition.metric() == wanted.metric())) {
                throw new ConflictException(ErrorCode.ALREADY_EXISTS, "There is such an index", "name");
            }
        }
        indexes.put(wanted.name(), new Index(wanted, columns));
        version = commit;
    }

    boolean dropIndex(String name, long commit) {
        boolean there = indexes.remove(name) != null;
        version = there ? commit : version;
        return there;
    }

    IndexStatus status(String name) {
        return statuses().stream()
                .filter(status -> status.definition() != null
                        && status.definition().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("There is no index '" + name + "'"));
    }

    /** First the vector columns' own, then declared ones over vectors, then the others. */
    List<IndexStatus> statuses() {
        List<IndexStatus> statuses = new ArrayList<>();
        for (int i = 0; i < columnIds.size(); i++) {
            if (definition.columns().get(i).type() == ColumnType.VECTOR) {
                statuses.add(status(null, "exact", i));
            }
        }
        for (boolean vector : new boolean[] {true, false}) {
            for (Index index : indexes.values()) {
                if (index.definition.method().isVector() == vector) {
                    int first = columnIds.indexOf(index.columns.getFirst());
                    statuses.add(status(named(index), "ready", first));
                }
            }
        }
        return statuses;
    }

    /** The definition with the names that columns have now. */
    IndexDefinition named(Index index) {
        IndexDefinition asked = index.definition;
        List<String> names = index.columns.stream()
                .map(column ->
                        definition.columns().get(columnIds.indexOf(column)).name())
                .toList();
        return new IndexDefinition(asked.name(), names, asked.method(), asked.metric(), asked.parameters());
    }

    private IndexStatus status(@Nullable IndexDefinition index, String state, int position) {
        Column column = definition.columns().get(position);
        long count = column.type() == ColumnType.VECTOR
                ? rows.values().stream()
                        .filter(row -> row.values.get(position) != null)
                        .count()
                : rows.size();
        return new IndexStatus(index, column.name(), state, 100, count, 0, null, List.of(), null);
    }

    static InvalidInputException invalid(String message, String field) {
        return new InvalidInputException(ErrorCode.INVALID_ARGUMENT, message, field);
    }

    static InvalidInputException outOfRange(String message, String field) {
        return new InvalidInputException(ErrorCode.OUT_OF_RANGE, message, field);
    }

    static List<@Nullable Object> listOf(@Nullable Object... values) {
        return Arrays.<@Nullable Object>asList(values);
    }
}
