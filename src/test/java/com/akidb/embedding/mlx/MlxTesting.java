package com.akidb.embedding.mlx;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** What tests of MLX share: the environment, or why there is none, and small models with random weights. */
final class MlxTesting {

    private static final Path MODELS = Path.of("target", "mlx-models");
    /** Where the Python modules of tests lie. */
    static final Path TESTS = Path.of("python", "tests").toAbsolutePath();

    private MlxTesting() {}

    /** Skips the test where MLX is not there, or fails it with -Dmlx.required=true. */
    static void require(Isolation isolation) {
        if (MlxEnvironment.search(settings(isolation, List.of()))
                instanceof MlxEnvironment.Search.Lacking(String sentence)) {
            String reason = "MLX cannot be tested here. " + sentence;
            if (Boolean.getBoolean("mlx.required")) {
                fail(reason);
            }
            abort(reason);
        }
    }

    static MlxProperties settings(Isolation isolation, List<Path> packages) {
        return settings(isolation, packages, Duration.ofMinutes(2));
    }

    static MlxProperties settings(Isolation isolation, List<Path> packages, Duration callTimeout) {
        return settings(isolation, packages, callTimeout, DataSize.ofMegabytes(256), DataSize.ofGigabytes(1));
    }

    static MlxProperties settings(
            Isolation isolation, List<Path> packages, Duration callTimeout, DataSize collect, DataSize leak) {
        return new MlxProperties(
                site(),
                packages,
                null,
                isolation,
                2,
                4,
                callTimeout,
                Duration.ofMinutes(3),
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                512,
                2,
                collect,
                leak);
    }

    private static @Nullable Path site() {
        String named = System.getProperty("mlx.site");
        return named == null ? null : Path.of(named);
    }

    static MlxRuntime runtime(MlxProperties settings) {
        if (MlxEnvironment.search(settings) instanceof MlxEnvironment.Search.Found(MlxEnvironment environment)) {
            return MlxRuntime.start(settings, environment);
        }
        throw new AssertionError("Call require first");
    }

    /** The folder of a small model, such as {@code bert-float32}, made once per build folder, whichever process asks first. */
    static synchronized Path model(String name) {
        Path folder = MODELS.resolve(name).toAbsolutePath();
        try {
            Files.createDirectories(MODELS);
            try (FileChannel file = FileChannel.open(
                            MODELS.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = file.lock()) {
                if (held.isValid() && !Files.isRegularFile(folder.resolve("config.json"))) {
                    make(name, folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static void make(String name, Path folder) {
        MlxProperties settings = settings(Isolation.CONTEXT, List.of(TESTS));
        try (MlxRuntime runtime = runtime(settings)) {
            PythonModel maker = runtime.source()
                    .open(new ModelCode("models.random_models", "write_named", List.of(folder.toString(), name)));
            maker.close();
        }
    }
}
