package com.akidb.table;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.TableEngine;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.text.Names;
import com.akidb.text.Words;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Indexes as the engine keeps them. */
final class EngineIndexService implements IndexService {

    private final TableEngine engine;
    private final TableDirectory directory;

    EngineIndexService(TableEngine engine, TableDirectory directory) {
        this.engine = engine;
        this.directory = directory;
    }

    @Override
    public IndexStatus create(String table, NewIndex wanted) {
        TableSchema schema = directory.requireWritable(table);
        String field = wanted.method().isVector() ? "column" : "columns";
        for (int i = 0; i < wanted.columns().size(); i++) {
            String at = wanted.method().isVector() ? field : field + "[" + i + "]";
            requireFit(wanted.method(), schema.column(wanted.columns().get(i), at), at);
        }
        IndexDefinition definition = new IndexDefinition(
                freeName(schema, wanted),
                wanted.columns(),
                wanted.method(),
                wanted.metric(),
                IndexParameters.complete(wanted.method(), wanted.parameters()));
        return TableDirectory.reading(schema, () -> engine.createIndex(schema.id(), definition));
    }

    private static void requireFit(IndexMethod method, Column column, String field) {
        ColumnType type = column.type();
        if (!method.suits(type)) {
            throw new InvalidInputException(
                    ErrorCode.WRONG_TYPE,
                    field + ": column '" + column.name() + "' is of type " + TypeNames.of(type) + ", which "
                            + wire(method) + " does not index",
                    field);
        }
    }

    /** {@code table_column_method}, with the metric and then a number behind it where that is taken. */
    private String freeName(TableSchema schema, NewIndex wanted) {
        Set<String> taken = definitions(schema).stream()
                .map(index -> definition(index).name())
                .collect(Collectors.toSet());
        String name = schema.name() + "_" + String.join("_", wanted.columns()) + "_" + wire(wanted.method());
        name = name.length() > Names.MAX_NAME ? wire(wanted.method()) + "_" + (taken.size() + 1) : name;
        if (taken.contains(name) && wanted.metric() != null) {
            name += "_" + wanted.metric().wireName();
        }
        String free = name;
        for (int number = 2; taken.contains(free); number++) {
            free = name + "_" + number;
        }
        return free;
    }

    @Override
    public List<IndexStatus> list(String table) {
        return definitions(directory.require(table));
    }

    private List<IndexStatus> definitions(TableSchema schema) {
        return TableDirectory.reading(schema, () -> engine.indexes(schema.id())).stream()
                .filter(index -> index.definition() != null)
                .toList();
    }

    @Override
    public IndexStatus get(String table, String index) {
        return list(table).stream()
                .filter(known -> definition(known).name().equals(index))
                .findFirst()
                .orElseThrow(() -> notFound(table, index));
    }

    @Override
    public void drop(String table, String index) {
        TableSchema schema = directory.requireWritable(table);
        if (!TableDirectory.reading(schema, () -> engine.dropIndex(schema.id(), index))) {
            throw notFound(table, index);
        }
    }

    @Override
    public IndexStatus rebuild(String table, String index) {
        TableSchema schema = directory.requireWritable(table);
        get(table, index);
        return TableDirectory.reading(schema, () -> engine.rebuildIndex(schema.id(), index));
    }

    private static IndexDefinition definition(IndexStatus index) {
        IndexDefinition definition = index.definition();
        if (definition == null) {
            throw new IllegalArgumentException("an index that nobody asked for");
        }
        return definition;
    }

    private static String wire(IndexMethod method) {
        return method.name().toLowerCase(Locale.ROOT);
    }

    private static NotFoundException notFound(String table, String index) {
        return new NotFoundException(
                ErrorCode.NOT_FOUND,
                "Table '" + Words.shown(table) + "' has no index '" + Words.shown(index) + "'",
                "index");
    }
}
