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
import com.akidb.error.Suggestion;
import com.akidb.text.Names;
import com.akidb.text.Words;
import com.akidb.vector.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The indexes that users create on tables. Searches work without any; an index makes them faster. All methods may touch the
 * disk and do not belong on an event loop. Failures are {@link com.akidb.error.AkidbException}s.
 */
public final class IndexService {

    private final TableEngine engine;
    private final TableDirectory directory;

    IndexService(TableEngine engine, TableDirectory directory) {
        this.engine = engine;
        this.directory = directory;
    }

    /**
     * Creates an index. It is durable when this returns, and is then built in the background.
     *
     * @throws com.akidb.error.InvalidInputException if it does not fit the columns
     * @throws com.akidb.error.ConflictException if that column already has a vector index with that metric
     */
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

    /** {@code table_column_method}; if that is taken, with the metric appended, then with a number. */
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

    /** A table's indexes in the order of their creation. */
    public List<IndexStatus> list(String table) {
        return definitions(directory.require(table));
    }

    private List<IndexStatus> definitions(TableSchema schema) {
        return TableDirectory.reading(schema, () -> engine.indexes(schema.id())).stream()
                .filter(index -> index.definition() != null)
                .toList();
    }

    /** One index; NotFound if there is none of that name. */
    public IndexStatus get(String table, String index) {
        return list(table).stream()
                .filter(known -> definition(known).name().equals(index))
                .findFirst()
                .orElseThrow(() -> notFound(table, index));
    }

    /** Drops an index; NotFound if there is none. */
    public void drop(String table, String index) {
        TableSchema schema = directory.requireWritable(table);
        if (!TableDirectory.reading(schema, () -> engine.dropIndex(schema.id(), index))) {
            throw notFound(table, index);
        }
    }

    /** Rebuilds an index; searches use the old one until the new one is ready. */
    public IndexStatus rebuild(String table, String index) {
        TableSchema schema = directory.requireWritable(table);
        get(table, index);
        return TableDirectory.reading(schema, () -> engine.rebuildIndex(schema.id(), index));
    }

    private static IndexDefinition definition(IndexStatus index) {
        IndexDefinition definition = index.definition();
        if (definition == null) {
            throw new IllegalArgumentException("an implicit index");
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

    /**
     * An index to create. The server chooses its name.
     *
     * @param columns one embedding column for {@code hnsw} and {@code ivfflat}, scalar columns for {@code btree}, string columns
     *     for {@code text}
     * @param metric of indexes over vectors; null for others
     * @param parameters those given; the others take their defaults
     */
    public record NewIndex(
            IndexMethod method,
            List<String> columns,
            @Nullable Metric metric,
            Map<String, Integer> parameters) {

        /** Most columns of one index. */
        public static final int MAX_COLUMNS = 16;

        /** The parameters that any method takes. */
        public static final List<String> PARAMETERS = IndexParameters.names();

        public NewIndex {
            columns = List.copyOf(columns);
            parameters = Map.copyOf(parameters);
        }
    }

    /** The parameters that indexes take, with their ranges and defaults. */
    private static final class IndexParameters {

        /** @param otherwise the default; null if each search chooses for itself */
        private record Parameter(
                String name, int least, int most, @Nullable Integer otherwise) {}

        private static final List<Parameter> HNSW = List.of(
                new Parameter("m", 4, 128, 16),
                new Parameter("ef_construction", 8, 2_000, 64),
                new Parameter("ef", 1, 10_000, null));
        private static final List<Parameter> IVFFLAT =
                List.of(new Parameter("lists", 1, 65_536, 100), new Parameter("probes", 1, 10_000, null));

        private IndexParameters() {}

        /** All parameters of a method: those given, after a check, and the defaults of the others. */
        static Map<String, Integer> complete(IndexMethod method, Map<String, Integer> given) {
            List<Parameter> known = of(method);
            List<String> names = known.stream().map(Parameter::name).toList();
            given.forEach((name, value) -> {
                if (!names.contains(name)) {
                    String listed = names.isEmpty() ? "none" : String.join(", ", names);
                    throw new InvalidInputException(
                            ErrorCode.UNKNOWN_FIELD,
                            "parameters." + name + " is not a parameter of this method; it has " + listed
                                    + Suggestion.hint(name, names),
                            "parameters." + name);
                }
            });
            Map<String, Integer> all = new LinkedHashMap<>();
            for (Parameter parameter : known) {
                Integer value = given.getOrDefault(parameter.name(), parameter.otherwise());
                if (value == null) {
                    continue;
                }
                if (value < parameter.least() || value > parameter.most()) {
                    throw new InvalidInputException(
                            ErrorCode.OUT_OF_RANGE,
                            "parameters." + parameter.name() + " must be " + parameter.least() + " to "
                                    + parameter.most() + ", got " + value,
                            "parameters." + parameter.name());
                }
                all.put(parameter.name(), value);
            }
            return all;
        }

        static List<String> names() {
            return Stream.concat(HNSW.stream(), IVFFLAT.stream())
                    .map(Parameter::name)
                    .toList();
        }

        private static List<Parameter> of(IndexMethod method) {
            return switch (method) {
                case HNSW -> HNSW;
                case IVFFLAT -> IVFFLAT;
                case BTREE, TEXT -> List.of();
            };
        }
    }
}
