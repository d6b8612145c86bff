package com.akidb.embedding.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.embedding.EmbeddingBackend;
import com.akidb.error.AkidbException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import com.akidb.model.FreeMemory;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers hear of models that MLX cannot load. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MlxLoadingTests {

    @TempDir
    private Path folder;

    private MlxBackendFactory factory;

    @BeforeAll
    @SuppressWarnings("NullAway.Init")
    void makeFactory() {
        MlxTesting.require(Isolation.THREAD);
        factory = factory(Isolation.THREAD);
    }

    private static MlxBackendFactory factory(Isolation isolation) {
        return new MlxBackendFactory(MlxTesting.settings(isolation, List.of()), new SimpleMeterRegistry());
    }

    @AfterAll
    void close() {
        if (factory != null) {
            factory.close();
        }
    }

    /** A small model whose configuration is changed. */
    private Path model(String name, String configured, String instead) throws IOException {
        Path good = MlxTesting.model("qwen3-float32");
        Path model = Files.createDirectory(folder.resolve(name));
        Files.copy(good.resolve("model.safetensors"), model.resolve("model.safetensors"));
        String config = Files.readString(good.resolve("config.json"));
        assertThat(config).contains(configured);
        Files.writeString(model.resolve("config.json"), config.replace(configured, instead));
        return model;
    }

    private EmbeddingBackend open(Path model, long weightBytes) {
        return factory.open(MlxBackendContract.spec(model), files(model, weightBytes));
    }

    private static ModelFiles files(Path model, long weightBytes) {
        return new ModelFiles(model, model.resolve("tokenizer.json"), "any", weightBytes);
    }

    /** The failure, which must not tell where files lie. */
    private <T extends AkidbException> T failure(Class<T> type, ThrowingCallable loading) {
        T failure = catchThrowableOfType(type, loading);
        assertThat(failure).isNotNull();
        assertThat(failure.detail()).doesNotContain(folder.toString());
        return failure;
    }

    @Test
    void namesAnUnknownArchitectureAndThoseThatRun() throws IOException {
        Path model = model("mamba", "\"qwen3\"", "\"mamba\"");
        InvalidInputException failure = failure(InvalidInputException.class, () -> open(model, 1));
        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(failure.field()).contains("model");
        assertThat(failure)
                .hasMessage("Model 'small' cannot be used: Models of type 'mamba' cannot run on MLX here;"
                        + " those of type qwen3, gemma3_text, bert can");
    }

    @Test
    void saysWhichWeightsDoNotFitTheConfiguration() throws IOException {
        Path model = model("larger", "\"vocab_size\": 128", "\"vocab_size\": 256");
        assertThat(failure(CorruptDataException.class, () -> open(model, 1)))
                .hasMessage("Model 'small' is damaged: The weights have model.embed_tokens.weight of shape (128, 64),"
                        + " and config.json wants (256, 64)");
    }

    @Test
    void saysWhichWeightsCannotBeRead() throws IOException {
        Path model = model("cut", "{", "{");
        try (RandomAccessFile weights =
                new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            weights.setLength(weights.length() / 2);
        }
        assertThat(failure(CorruptDataException.class, () -> open(model, 1)))
                .hasMessageStartingWith("Model 'small' is damaged: ");
    }

    @Test
    void saysWhichDimensionItFoundAndWhichIsRegistered() throws IOException {
        ModelSpec good = MlxBackendContract.spec(MlxTesting.model("qwen3-float32"));
        ModelSpec wrong = new ModelSpec(
                good.id(), List.of(), "mlx", 32, 128, Pooling.MEAN, "", true, "", 32, "sentence", good.source(), null);
        EmbeddingBackend backend = factory.open(wrong, files(MlxTesting.model("qwen3-float32"), 1));
        try {
            assertThat(failure(InvalidInputException.class, backend::warmUp))
                    .hasMessage("Model 'small' cannot be used: the model gives vectors of dimension 64,"
                            + " and is registered with dimension 32");
        } finally {
            backend.close();
        }
    }

    @Test
    void refusesWeightsLargerThanMemoryBeforeAWorkerStarts() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        // What is free changes by the moment.
        long tooMany = 2 * new FreeMemory().bytes();
        assertThat(failure(UnavailableException.class, () -> open(folder, tooMany)))
                .hasMessageMatching("Model 'small' needs \\d+ MB of memory, of which its weights are " + (tooMany >> 20)
                        + " MB, and \\d+ MB are free");
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("mlx-"));
    }

    @Test
    void countsTheWeightsForEachWorkerThatHasItsOwn() {
        MlxTesting.require(Isolation.CONTEXT);
        long fitsOnce = new FreeMemory().bytes() / 4 * 3;
        try (MlxBackendFactory isolated = factory(Isolation.CONTEXT)) {
            assertThatThrownBy(() -> isolated.open(MlxBackendContract.spec(folder), files(folder, fitsOnce)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("its weights are " + (2 * fitsOnce >> 20) + " MB");
        }
    }
}
