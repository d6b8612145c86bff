package com.akidb.faults;

import com.akidb.engine.Alteration;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Fixtures;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Row;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.engine.embedded.EmbeddedTableEngine;
import com.akidb.engine.embedded.EngineProperties;
import com.akidb.engine.embedded.catalog.DatabaseCheck;
import com.akidb.engine.embedded.index.IndexProperties;
import com.akidb.engine.embedded.index.TableIndexes;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** What is in the database of the stories, and how it is written and read. */
final class Library {

    private static final Set<ErrorCode> EXCUSES =
            Set.of(ErrorCode.INTERNAL, ErrorCode.STORAGE_FULL, ErrorCode.UNAVAILABLE, ErrorCode.CORRUPT_DATA);

    private Library() {}

    /**
     * What there is.
     *
     * @param books texts by keys
     * @param names of columns, tables and indexes
     */
    record Content(Map<String, String> books, Set<String> names) {
        Content {
            books = new TreeMap<>(books);
            names = new TreeSet<>(names);
        }

        Content with(String key, String text) {
            Content other = new Content(books, names);
            other.books.put(key, text);
            return other;
        }

        Content without(String key) {
            Content other = new Content(books, names);
            other.books.remove(key);
            return other;
        }

        Content named(String name, boolean there) {
            Content other = new Content(books, names);
            if (there) {
                other.names.add(name);
            } else {
                other.names.remove(name);
            }
            return other;
        }

        /** What two contents differ in, briefly. */
        String difference(Content other) {
            Map<String, String> differing = new HashMap<>();
            for (String key : books.keySet()) {
                if (!books.get(key).equals(other.books.get(key))) {
                    differing.put(key, brief(books.get(key)) + " / " + brief(other.books.get(key)));
                }
            }
            other.books.keySet().stream()
                    .filter(key -> !books.containsKey(key))
                    .forEach(key -> differing.put(key, "- / " + brief(other.books.get(key))));
            return differing + " " + names + " / " + other.names;
        }

        private static String brief(@Nullable String text) {
            return text == null ? "-" : text.substring(0, Math.min(12, text.length()));
        }
    }

    static EmbeddedTableEngine open(Path data) {
        // So small that the log is written back and changes are forgotten in the middle of each story.
        EngineProperties properties = new EngineProperties(
                100,
                DataSize.ofMegabytes(8),
                DataSize.ofBytes(0),
                1,
                100,
                DataSize.ofKilobytes(64),
                10,
                Duration.ofHours(1));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        TableIndexes indexes = new TableIndexes(data.resolve("indexes"), IndexProperties.defaults(), meters);
        return EmbeddedTableEngine.open(data, properties, indexes, meters, Clock.systemUTC());
    }

    /** Makes a database with a table, rows and indexes; tells what is in it. */
    static Content found(Path data, int books) {
        try (EmbeddedTableEngine engine = open(data)) {
            Table table = engine.create(Fixtures.documents("books"));
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (int i = 0; i < books; i++) {
                rows.add(row(table, "k" + i, "text " + i));
            }
            Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
            engine.createIndex(table.id(), tree());
            engine.createIndex(
                    table.id(),
                    new IndexDefinition(
                            "near",
                            List.of("vector"),
                            IndexMethod.HNSW,
                            Metric.COSINE,
                            Map.of("m", 16, "ef_construction", 100)));
            while (engine.indexes(table.id()).stream()
                    .anyMatch(index -> index.state().equals("building"))) {
                Thread.onSpinWait();
            }
            return read(engine);
        }
    }

    static IndexDefinition tree() {
        return new IndexDefinition("tree", List.of("text"), IndexMethod.BTREE, null, Map.of());
    }

    /** A row with values for the columns that the table has now. */
    static List<@Nullable Object> row(Table table, String key, String text) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Column column : table.definition().columns()) {
            values.add(
                    switch (column.name()) {
                        case "id" -> key;
                        case "text" -> text;
                        case "vector" -> vector(text);
                        default -> null;
                    });
        }
        return values;
    }

    /** Another for each text. */
    static float[] vector(String text) {
        double angle = new Random(text.hashCode()).nextDouble() * 2 * Math.PI;
        return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
    }

    static Table books(TableEngine engine) {
        return engine.find("books").orElseThrow(() -> new AssertionError("the table is gone"));
    }

    static Content read(TableEngine engine) {
        Map<String, String> texts = new HashMap<>();
        Table table = books(engine);
        for (Row row : engine.reader(table.id()).list(0, 1_000, true).rows()) {
            String text = (String) row.values().get(1);
            texts.put((String) row.values().get(0), text);
            if (!Arrays.equals((float[]) row.values().get(3), vector(text))) {
                throw new AssertionError("the vector of " + row.values().get(0) + " is another text's");
            }
        }
        if (table.rowCount() != texts.size()) {
            throw new AssertionError("the table counts " + table.rowCount() + " rows, and has " + texts.size());
        }
        TreeSet<String> names = new TreeSet<>();
        engine.tables().forEach(each -> names.add("table " + each.definition().name()));
        table.definition().columns().forEach(column -> names.add("column " + column.name()));
        engine.indexes(table.id()).stream()
                .map(IndexStatus::definition)
                .filter(Objects::nonNull)
                .forEach(index -> names.add("index " + index.name()));
        return new Content(texts, names);
    }

    /** Compares all that is in a data directory with what should be, reading it in several ways; tells what it is. */
    static Content judge(Path data, List<Content> allowed) {
        Content content;
        try (EmbeddedTableEngine engine = open(data)) {
            content = read(engine);
            if (!allowed.contains(content)) {
                throw new AssertionError("after opening it again (answered / found): "
                        + allowed.getFirst().difference(content));
            }
            Table table = books(engine);
            for (Map.Entry<String, String> book :
                    content.books().entrySet().stream().limit(5).toList()) {
                List<String> nearest =
                        engine.reader(table.id()).search(Fixtures.search(1, vector(book.getValue()))).hits().stream()
                                .map(hit -> (String) hit.row().values().get(1))
                                .toList();
                if (!nearest.equals(List.of(book.getValue()))) {
                    throw new AssertionError("a search for " + book + " finds " + nearest);
                }
            }
        }
        List<String> problems = DatabaseCheck.problems(data.resolve("akidb.db"));
        if (!problems.isEmpty()) {
            throw new AssertionError("the database has problems: " + problems);
        }
        return content;
    }

    /** Whether a failure is one that a disk that fails excuses. */
    static void requireExcuse(AkidbException failure) {
        if (!EXCUSES.contains(failure.code())) {
            throw new AssertionError("failed with " + failure.code() + ": " + failure.detail(), failure);
        }
    }

    static Mutation insert(Table table, OnConflict onConflict, Map<String, String> books) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        books.forEach((key, text) -> rows.add(row(table, key, text)));
        return new Mutation.Insert(rows, onConflict);
    }

    static Mutation delete(String... keys) {
        return new Mutation.Delete(new RowSelection.Keys(List.of(keys)));
    }

    static Alteration addShelf() {
        return new Alteration.AddColumn(Column.of("shelf", ColumnType.INT, false), null);
    }
}
