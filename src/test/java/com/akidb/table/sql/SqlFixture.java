package com.akidb.table.sql;

import com.akidb.account.Account;
import com.akidb.collection.TestCollections;
import com.akidb.collection.WordEmbedding;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.embedded.EmbeddedTableEngine;
import com.akidb.engine.embedded.Engines;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnFacts;
import com.akidb.table.SearchService;
import com.akidb.table.SqlProperties;
import com.akidb.table.SqlService.SqlAnswer;
import com.akidb.table.TableDirectory;
import com.akidb.table.search.TestSearches;
import com.akidb.vector.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** Two tables of a real engine, and SQL over them. */
abstract class SqlFixture {

    @TempDir
    static Path directory;

    static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");
    static EmbeddedTableEngine engine;
    static Table layouts;
    static EngineSqlService sql;

    @BeforeAll
    static void open() {
        engine = Engines.open(directory);
        TableDirectory tables = new TableDirectory(engine);
        SqlProperties limits = new SqlProperties(1000, DataSize.ofMegabytes(4), Duration.ofSeconds(30));
        ColumnEmbedder embedder = TestCollections.embedder(new WordEmbedding(8), 4);
        SearchService searches = TestSearches.of(engine, embedder, 100, Runnable::run);
        sql = new EngineSqlService(engine, tables, embedder, searches, limits);
        layouts = engine.create(new TableDefinition(
                "code_layouts",
                List.of(
                        Column.of("title", ColumnType.STRING, true),
                        Column.of("language", ColumnType.STRING, false),
                        Column.of("quality_score", ColumnType.FLOAT, false),
                        Column.of("stars", ColumnType.INT, false),
                        Column.of("open", ColumnType.BOOL, false),
                        Column.of("added", ColumnType.TIMESTAMP, false),
                        Column.of("facts", ColumnType.JSON, false),
                        Column.of("secret", ColumnType.STRING, false)
                                .withProperties(Map.of(ColumnFacts.HIDDEN, "true")),
                        Column.vector("embedding", 8, Metric.COSINE)
                                .withProperties(new ColumnFacts.Computed("title", "words", true, true).properties())),
                "title",
                Map.of(ColumnFacts.KIND, ColumnFacts.TABLE)));
        Table authors = engine.create(new TableDefinition(
                "Authors \"and\" more",
                List.of(Column.of("id", ColumnType.INT, true), Column.of("lang", ColumnType.STRING, false)),
                "id",
                Map.of(ColumnFacts.KIND, ColumnFacts.TABLE)));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 300; i++) {
            float[] vector = new float[8];
            for (int j = 0; j < 8; j++) {
                vector[j] = (float) random.nextDouble(-1, 1);
            }
            rows.add(Arrays.asList(
                    "title " + i,
                    List.of("ts", "js", "java").get(i % 3),
                    i / 30.0,
                    i % 7 == 0 ? null : (long) i,
                    i % 2 == 0,
                    DAY.plusSeconds(i),
                    "{\"area\": \"a" + i % 4 + "\", \"deep\": {\"flag\": " + (i % 2 == 0) + "}}",
                    "hidden",
                    i % 50 == 49 ? null : vector));
        }
        Fixtures.done(engine.write(layouts.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
        Fixtures.done(engine.write(
                authors.id(),
                new Mutation.Insert(List.of(Arrays.asList(1L, "ts"), Arrays.asList(2L, "java")), OnConflict.ERROR)));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    static SqlAnswer query(String query, @Nullable Object... params) {
        return query(Duration.ofSeconds(30), query, params);
    }

    static SqlAnswer query(Duration timeout, String query, @Nullable Object... params) {
        try {
            return sql.query(query, Arrays.asList(params), timeout, Account.SERVER)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    static List<List<@Nullable Object>> rows(String query, @Nullable Object... params) {
        return query(query, params).rows();
    }
}
