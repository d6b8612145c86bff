package com.akidb.embedding.mlx;

import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.embedding.mlx.MlxBackend.TokenCall;
import com.akidb.embedding.mlx.PythonModel.PythonCall;
import com.akidb.model.ModelFiles;
import com.akidb.model.Pooling;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * MLX workers without the server around them, for {@code scripts/bench mlx} and {@code scripts/mlx_endurance}. The argument
 * says what to do:
 *
 * <ul>
 *   <li>{@code once}: start a pool, embed a text, stop.
 *   <li>{@code calls}: times of calls that the input asks for; the property {@code folder} names the folder of models.
 *   <li>{@code starts}: times and memory of workers that start one after the other.
 *   <li>{@code load}: full load for {@code seconds} seconds, with the memory every half minute.
 * </ul>
 */
public final class MlxBenchmark {

    private static final PrintStream OUT = System.out;
    private static final Isolation ISOLATION =
            Isolation.valueOf(System.getProperty("isolation", "thread").toUpperCase(Locale.ROOT));
    private static final Path FOLDER =
            Path.of(System.getProperty("folder", "target/mlx-models")).toAbsolutePath();

    private MlxBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "once" -> once();
            case "calls" -> calls();
            case "starts" -> starts();
            case "load" -> load();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void once() {
        Path folder = MlxTesting.model("qwen3-float32");
        try (MlxBackendFactory factory =
                new MlxBackendFactory(MlxTesting.settings(ISOLATION, List.of()), new SimpleMeterRegistry())) {
            TokenBackend backend = open(factory, folder);
            backend.warmUp();
            backend.encode(new TokenBatch(List.of(new int[] {1, 2, 3}), Pooling.LAST));
            backend.close();
        }
    }

    private static TokenBackend open(MlxBackendFactory factory, Path folder) {
        return (TokenBackend) factory.open(
                MlxBackendContract.spec(folder), new ModelFiles(folder, folder.resolve("tokenizer.json"), "", 1));
    }

    /** Each line of the input names a call and how often to run it; a line of the output has the times in milliseconds. */
    private static void calls() throws IOException {
        Path echo = Files.createTempDirectory("mlx-echo");
        Files.writeString(echo.resolve("echo.py"), """
            import mlx.core as mx

            class Echo:
                def run(self, content):
                    array = mx.array(memoryview(bytes(content)).cast("f")).reshape(32, 1024)
                    mx.eval(array)
                    return bytes(array)
            """);
        ByteBuffer floats = ByteBuffer.allocate(32 * 1024 * Float.BYTES);
        TokenCall sixteen = new TokenCall(new TokenBatch(List.of(row(16)), Pooling.LAST));
        Map<String, PythonModel> opened = new HashMap<>();
        try (MlxRuntime runtime = MlxTesting.runtime(MlxTesting.settings(ISOLATION, List.of(echo, MlxTesting.TESTS)))) {
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String name = line.substring(0, line.indexOf(' '));
                int times = Integer.parseInt(line.substring(name.length() + 1));
                PythonModel model =
                        opened.computeIfAbsent(name, any -> runtime.source().open(code(any)));
                PythonCall call = name.equals("transfer") ? any -> any.invokeMember("run", floats) : sixteen;
                OUT.println(time(model, call, times));
            }
            opened.values().forEach(PythonModel::close);
        }
    }

    private static ModelCode code(String name) {
        return switch (name) {
            case "transfer" -> new ModelCode("echo", "Echo", List.of());
            case "host" -> worker("models.without_kernels", "thin", true);
            case "host-anew" -> worker("models.without_kernels", "thin", false);
            case "small" -> worker("akidb_mlx.host", "thin", true);
            case "forward" -> worker("akidb_mlx.host", "full", true);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static ModelCode worker(String module, String model, boolean compiled) {
        return new ModelCode(module, "Worker", List.of(FOLDER.resolve(model).toString(), compiled));
    }

    private static String time(PythonModel model, PythonCall call, int times) {
        StringBuilder millis = new StringBuilder("millis");
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            model.run(call);
            millis.append(' ').append((System.nanoTime() - start) / 1e6);
        }
        return millis.toString();
    }

    private static void starts() throws IOException {
        Path folder = MlxTesting.model("qwen3-float32");
        try (MlxRuntime runtime = MlxTesting.runtime(MlxTesting.settings(ISOLATION, List.of()))) {
            List<PythonModel> models = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                long before = resident();
                long start = System.nanoTime();
                PythonModel model = runtime.source().open(ModelCode.ofFolder(folder.toString()));
                model.run(new TokenCall(new TokenBatch(List.of(row(16)), Pooling.LAST)));
                models.add(model);
                System.gc();
                OUT.println((i == 0 ? "first" : "further") + " " + (System.nanoTime() - start) / 1e9 + " "
                        + (resident() - before) / 1024.0);
            }
            models.forEach(PythonModel::close);
        }
    }

    private static void load() throws Exception {
        long end = System.nanoTime() + Long.getLong("seconds", 1200) * 1_000_000_000L;
        Path folder = MlxTesting.model(System.getProperty("model", "qwen3-float32"));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (MlxBackendFactory factory = new MlxBackendFactory(MlxTesting.settings(ISOLATION, List.of()), meters)) {
            TokenBackend backend = open(factory, folder);
            AtomicLong texts = new AtomicLong();
            CountDownLatch callersLeft = new CountDownLatch(backend.parallelism());
            try (var callers = Executors.newFixedThreadPool(backend.parallelism() + 1)) {
                List<Callable<Void>> work = new ArrayList<>();
                for (int caller = 0; caller < backend.parallelism(); caller++) {
                    Random random = new Random(caller);
                    work.add(() -> {
                        while (System.nanoTime() < end) {
                            int rows = 1 + random.nextInt(8);
                            int length = 1 + random.nextInt(60);
                            backend.encode(new TokenBatch(
                                    random.ints(rows, 1, 128)
                                            .mapToObj(any -> row(length))
                                            .toList(),
                                    Pooling.MEAN));
                            texts.addAndGet(rows);
                        }
                        callersLeft.countDown();
                        return null;
                    });
                }
                work.add(() -> {
                    do {
                        OUT.println("load " + texts.get() + " texts, " + resident() / 1024 + " MB resident, "
                                + (long) meters.get("akidb.mlx.active.memory")
                                                .gauge()
                                                .value()
                                        / 1_000_000
                                + " MB of arrays, " + restarts(meters) + " restarts");
                    } while (!callersLeft.await(30, TimeUnit.SECONDS));
                    return null;
                });
                for (var done : callers.invokeAll(work)) {
                    done.get();
                }
            }
            backend.close();
        }
    }

    private static long restarts(SimpleMeterRegistry meters) {
        return (long) meters.get("akidb.mlx.worker.restarts").functionCounters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static int[] row(int length) {
        int[] row = new int[length];
        Arrays.setAll(row, i -> 1 + i % 100);
        return row;
    }

    /** Resident memory of the process in KB. */
    static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }
}
