package com.akidb.embedding.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.akidb.embedding.EmbeddingBackend.TextBackend;
import com.akidb.embedding.EmbeddingBackend.TextBatch;
import com.akidb.embedding.EmbeddingBackend.TextVectors;
import com.akidb.error.AkidbException;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.slf4j.LoggerFactory;

/** A model at an outside provider, which here is a real server on this machine. */
abstract class ProviderFixture {

    static final int DIMENSION = 8;
    final FakeProvider provider = new FakeProvider(DIMENSION);
    final ListAppender<ILoggingEvent> log = new ListAppender<>();
    final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    TextBackend backend;

    @BeforeEach
    void open() {
        root.setLevel(Level.DEBUG);
        log.start();
        root.addAppender(log);
        backend = open(settings(provider.address(), Duration.ofSeconds(20), Duration.ofSeconds(30)), DIMENSION);
    }

    static TextBackend open(OpenAiProperties settings, int minDimension) {
        ModelSpec spec = spec(minDimension, new ModelSource.Endpoint("", "words", ""));
        return (TextBackend) new OpenAiBackendFactory(settings, name -> name.equals("A_KEY") ? FakeProvider.KEY : null)
                .open(spec, ModelFiles.none("print"));
    }

    @AfterEach
    void neverLogsTheKeyOrTexts() {
        backend.close();
        provider.close();
        root.detachAppender(log);
        root.setLevel(Level.INFO);
        assertThat(log.list).allSatisfy(event -> {
            assertThat(event.getFormattedMessage())
                    .doesNotContain(FakeProvider.KEY)
                    .doesNotContain("private text");
            for (var thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
                assertThat(String.valueOf(thrown.getMessage())).doesNotContain(FakeProvider.KEY);
            }
        });
    }

    static OpenAiProperties settings(String address, Duration readTimeout, Duration timeout) {
        return new OpenAiProperties(
                address, "A_KEY", Duration.ofSeconds(5), readTimeout, timeout, 3, Duration.ofMillis(2), 4, 32, 1000);
    }

    static ModelSpec spec(int minDimension, ModelSource source) {
        return new ModelSpec(
                "openai/words",
                List.of(),
                "openai",
                DIMENSION,
                100,
                Pooling.MEAN,
                "",
                true,
                "",
                minDimension,
                "document",
                source,
                null);
    }

    TextVectors encode(String... texts) {
        return backend.encode(new TextBatch(List.of(texts), Pooling.MEAN));
    }

    <T extends AkidbException> T failure(Class<T> kind) {
        return catchThrowableOfType(kind, () -> encode("private text"));
    }
}
