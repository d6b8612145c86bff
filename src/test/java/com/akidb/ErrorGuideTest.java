package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorGuideTest {

    @Test
    void explainsEveryCodeAndNoOther() throws IOException {
        List<String> explained;
        try (var lines = Files.lines(Path.of("docs/errors.md"))) {
            explained = lines.filter(line -> line.startsWith("| `"))
                    .map(line -> line.substring(3, line.indexOf('`', 3)))
                    .toList();
        }
        assertThat(explained)
                .containsExactlyElementsOf(
                        Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
    }
}
