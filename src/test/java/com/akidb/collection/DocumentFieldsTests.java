package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentFieldsTests {

    private final DocumentFields fields = new DocumentFields();

    @Test
    void idAndTextAreColumnsAndAllElseIsMetadata() {
        assertThat(resolve("id")).isEqualTo(FieldPath.column("id"));
        assertThat(resolve("text")).isEqualTo(FieldPath.column("text"));
        assertThat(resolve("metadata")).isEqualTo(FieldPath.column("metadata"));
        assertThat(resolve("area")).isEqualTo(metadata("area"));
        assertThat(resolve("metadata.area.name")).isEqualTo(metadata("area", "name"));
        assertThat(resolve("area.name")).isEqualTo(metadata("area", "name"));
        assertThat(resolve("metadata.id")).isEqualTo(metadata("id"));
        assertThat(resolve("vector")).isEqualTo(metadata("vector"));
    }

    @Test
    void aBackslashKeepsADotInTheKey() {
        assertThat(resolve("source\\.url.a\\\\b")).isEqualTo(metadata("source.url", "a\\b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "a.", ".a", "a..b", "metadata.", "a\\", "a\\b"})
    void refusesWhatIsNoPath(String name) {
        assertThatThrownBy(() -> resolve(name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("filter[0].column ");
    }

    @Test
    void boundsPaths() {
        assertThatThrownBy(() -> resolve("a".repeat(1_025))).hasMessageContaining("at most 1024 characters");
        assertThatThrownBy(() -> resolve("a.".repeat(40) + "a")).hasMessageContaining("deeper than 32 levels");
    }

    private FieldPath resolve(String name) {
        return fields.resolve(name, "filter[0].column");
    }

    private static FieldPath metadata(String... keys) {
        return new FieldPath("metadata", List.of(keys));
    }
}
