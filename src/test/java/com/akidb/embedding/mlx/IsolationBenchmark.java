package com.akidb.embedding.mlx;

import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.embedding.mlx.MlxBackend.TokenCall;
import com.akidb.embedding.mlx.MlxBackend.WarmUp;
import com.akidb.model.Pooling;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A pool of two workers in the isolation that the property {@code isolation} names, on the model in {@code folder}, for
 * {@code scripts/bench mlx --isolations}. It answers line by line:
 *
 * <ul>
 *   <li>{@code load SECONDS}: texts a second that two callers get, texts of nine tokens.
 *   <li>{@code memory 0}: resident megabytes of the process.
 *   <li>{@code loop 0}, {@code native 0}: seconds until both workers are ready again after one hung in Python, or in native
 *       code; from the moment on that its caller was told.
 * </ul>
 */
public final class IsolationBenchmark {

    private static final PrintStream OUT = System.out;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

    private static final String HANGING = """
        import mlx.core as mx
        from akidb_mlx import host

        class Worker(host.Worker):
            def loop(self, nothing):
                while True:
                    pass

            def native(self, pipe):
                mx.load(pipe, format="npy")
        """;

    private IsolationBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Isolation isolation = Isolation.valueOf(System.getProperty("isolation").toUpperCase(Locale.ROOT));
        Path packages = Files.createTempDirectory("mlx-hanging");
        Files.writeString(packages.resolve("hanging.py"), HANGING);
        MlxProperties settings = MlxTesting.settings(isolation, List.of(packages), CALL_TIMEOUT);
        MlxRuntime runtime = MlxTesting.runtime(settings);
        ModelCode code = new ModelCode("hanging", "Worker", List.of(System.getProperty("folder")));
        try (WorkerPool pool = new WorkerPool(
                "any",
                settings,
                new WorkerPool.Permits(4),
                (name, leaking) -> new Worker(
                        name, () -> runtime.source().open(code), new WarmUp(Pooling.MEAN, 32)::run, bytes -> {}))) {
            pool.open();
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ");
                OUT.println("millis "
                        + switch (words[0]) {
                            case "load" -> load(pool, Integer.parseInt(words[1]));
                            case "memory" -> residentMegabytes();
                            case "loop" -> recovery(pool, "loop", packages);
                            case "native" -> recovery(pool, "native", pipe(packages));
                            default -> throw new IllegalArgumentException(line);
                        });
            }
        }
        runtime.close();
    }

    private static double load(WorkerPool pool, int seconds) throws Exception {
        int[] row = new int[9];
        Arrays.setAll(row, i -> 1000 + i);
        TokenCall call = new TokenCall(new TokenBatch(List.of(row), Pooling.MEAN));
        long begun = System.nanoTime();
        long end = begun + seconds * 1_000_000_000L;
        long texts = 0;
        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            List<Future<Long>> counts = new ArrayList<>();
            for (int caller = 0; caller < 2; caller++) {
                counts.add(callers.submit(() -> {
                    long count = 0;
                    while (System.nanoTime() < end) {
                        pool.call(call);
                        count++;
                    }
                    return count;
                }));
            }
            for (Future<Long> count : counts) {
                texts += count.get();
            }
        }
        return texts / ((System.nanoTime() - begun) / 1e9);
    }

    private static double recovery(WorkerPool pool, String how, Path argument) throws Exception {
        try {
            pool.call(model -> model.invokeMember(how, argument.toString()));
            throw new IllegalStateException("It did not hang");
        } catch (PythonFailure hung) {
            long begun = System.nanoTime();
            pool.await(() -> pool.counts().ready() == 2);
            double seconds = (System.nanoTime() - begun) / 1e9;
            if (how.equals("native")) {
                Files.newOutputStream(argument).close();
            }
            return seconds;
        }
    }

    private static Path pipe(Path folder) throws Exception {
        Path pipe = folder.resolve("pipe" + System.nanoTime());
        if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() != 0) {
            throw new IllegalStateException("No pipe");
        }
        return pipe;
    }

    private static long residentMegabytes() throws IOException {
        System.gc();
        return MlxBenchmark.resident() / 1024;
    }
}
