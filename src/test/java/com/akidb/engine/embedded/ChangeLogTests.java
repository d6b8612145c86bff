package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Changes;
import com.akidb.engine.Changes.Place;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class ChangeLogTests {

    private static final int KEPT = 20;

    @TempDir
    Path directory;

    @Test
    void saysToStartAnewWhenItsLogWasCutSince() {
        EngineProperties properties = new EngineProperties(
                1_000,
                DataSize.ofMegabytes(16),
                DataSize.ofMegabytes(1),
                1,
                100,
                DataSize.ofMegabytes(1),
                KEPT,
                Duration.ofMinutes(5));
        try (TableEngine engine = Engines.open(directory, properties)) {
            Table table = engine.create(Fixtures.documents("t"));
            Fixtures.done(engine.write(
                    table.id(), new Mutation.Insert(List.of(Fixtures.document("a", "0", 1, 0)), OnConflict.ERROR)));
            Place early = Place.after(engine.version());
            for (int i = 1; i <= 2 * KEPT; i++) {
                Fixtures.done(
                        engine.write(table.id(), new Mutation.Update(RowSelection.keys("a"), Map.of("text", "" + i))));
            }
            Place late = Place.after(engine.version() - KEPT / 2);
            assertThat(engine.reader(table.id()).changes(early, 10, false)).isInstanceOf(Changes.StartAnew.class);
            assertThat(engine.reader(table.id()).changes(late, 10, false))
                    .isInstanceOfSatisfying(
                            Changes.Page.class,
                            page -> assertThat(page.changes()).hasSize(1));
        }
    }
}
