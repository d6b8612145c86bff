package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.akidb.engine.Alteration.AddColumn;
import com.akidb.engine.Alteration.ReplaceColumn;
import com.akidb.engine.Column;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.SearchResult;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.VectorSearch;
import com.akidb.vector.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches beside a column that takes another's place. */
class ColumnSwapTests {

    private static final int SWAPS = 150;
    private static final String KIND = "kind";

    @TempDir
    Path directory;

    @Test
    void comparesWithTheVectorsOfTheColumnThatTheDefinitionShows() throws Exception {
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            Table table = engine.create(Fixtures.documents("t"));
            Fixtures.done(engine.write(
                    table.id(),
                    new Mutation.Insert(List.of(Fixtures.document("a", "text", vector(0))), OnConflict.REPLACE)));
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Integer> searches =
                    CompletableFuture.supplyAsync(() -> searchUntil(done, engine, table.id()));
            for (int kind = 1; kind <= SWAPS; kind++) {
                swap(engine, table.id(), kind);
            }
            done.set(true);
            assertThat(searches.get()).isPositive();
        }
    }

    private static void swap(EmbeddedTableEngine engine, UUID table, int kind) {
        Column next = Column.vector("next", 2, Metric.COSINE).withProperties(Map.of(KIND, String.valueOf(kind)));
        engine.alter(table, new AddColumn(next, null));
        Fixtures.done(engine.write(
                table, new Mutation.Update(new RowSelection.Keys(List.of("a")), Map.of("next", vector(kind)))));
        engine.alter(table, new ReplaceColumn("vector", "next", next.properties()));
    }

    /** Counts the searches during which the table's definition did not change, each of which is checked. */
    private static int searchUntil(AtomicBoolean done, EmbeddedTableEngine engine, UUID table) {
        int steady = 0;
        VectorSearch search = Fixtures.search(1, 1, 0);
        while (!done.get()) {
            TableDefinition before = engine.find(table).orElseThrow().definition();
            SearchResult cached = engine.reader(table).searchCached(search);
            SearchResult found = cached == null ? engine.reader(table).search(search) : cached;
            if (engine.find(table).orElseThrow().definition() == before) {
                int kind = Integer.parseInt(before.columns()
                        .get(before.indexOf("vector"))
                        .properties()
                        .getOrDefault(KIND, "0"));
                assertThat(found.hits().getFirst().score()).isCloseTo(vector(kind)[0], within(1e-5f));
                steady++;
            }
        }
        return steady;
    }

    /** A unit vector whose likeness to (1, 0) tells the kinds apart. */
    private static float[] vector(int kind) {
        double angle = Math.PI * kind / (SWAPS + 1);
        return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
    }
}
