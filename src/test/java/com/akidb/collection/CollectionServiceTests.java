package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.collection.CollectionService.Collection;
import com.akidb.collection.CollectionService.NewCollection;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.TableDefinition;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.vector.Metric;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectionServiceTests extends CollectionFixture {

    @Test
    void createsListsFindsAndDeletesCollections() {
        Collection made = service.create(new NewCollection("notes", null, Metric.COSINE, null));
        assertThat(made.dimension()).isEqualTo(8);
        assertThat(made.model()).isEqualTo("words");
        Collection other = service.create(new NewCollection("euclid", 3, Metric.EUCLIDEAN, "words"));
        assertThat(service.list()).containsExactly(made, other);
        assertThat(service.get("notes")).isEqualTo(made);
        assertThat(service.get(made.id().toString())).isEqualTo(made);

        service.delete("notes");
        assertThat(service.list()).containsExactly(other);
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> service.get("notes"),
                () -> service.delete("notes"),
                () -> service.document("notes", "a", false),
                () -> service.documents(made.id().toString(), null, "", 10, false))) {
            assertThat(failure(NotFoundException.class, use).detail()).matches("Collection '.*' not found");
        }
    }

    @Test
    void refusesANameThatIsTaken() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        ConflictException taken = failure(
                ConflictException.class, () -> service.create(new NewCollection("notes", 4, Metric.COSINE, null)));
        assertThat(taken.code()).isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(taken.field()).hasValue("name");
    }

    @Test
    void doesNotTakeOtherTablesForCollections() {
        Column key = Column.of("id", ColumnType.STRING, true);
        engine.create(new TableDefinition("plain", List.of(key), "id", Map.of()));
        assertThat(service.list()).isEmpty();
        failure(NotFoundException.class, () -> service.get("plain"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\nb", "a\u0000", "\ud800", "x\udc00y", "5f0c1d3e-7a52-4a0e-9a44-0d9a8b1c2e77"})
    void refusesNamesThatCannotBeUsed(String name) {
        InvalidInputException refused = failure(
                InvalidInputException.class, () -> service.create(new NewCollection(name, 8, Metric.COSINE, null)));
        assertThat(refused.field()).hasValue("name");
    }

    @Test
    void boundsNameAndDimension() {
        service.create(new NewCollection("\ud83d\ude00".repeat(255), 4_096, Metric.COSINE, null));
        assertThat(refused(() -> service.create(new NewCollection("x".repeat(256), 8, Metric.COSINE, null))))
                .isEqualTo("name must be at most 255 characters, got 256");
        assertThat(refused(() -> service.create(new NewCollection("x", 0, Metric.COSINE, null))))
                .isEqualTo("dimension must be 1 to 4096, got 0");
        assertThat(refused(() -> service.create(new NewCollection("x", 4_097, Metric.COSINE, null))))
                .isEqualTo("dimension must be 1 to 4096, got 4097");
        assertThat(refused(() -> service.create(new NewCollection("x", 8, Metric.COSINE, "other"))))
                .contains("Unknown model");
    }
}
