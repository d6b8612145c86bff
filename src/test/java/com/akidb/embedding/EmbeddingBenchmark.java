package com.akidb.embedding;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.onnx.OnnxBackendFactory;
import com.akidb.embedding.onnx.OnnxProperties;
import com.akidb.model.ModelFiles;
import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The manager against raw ONNX Runtime, in one process and in turns, so that both meet the same machine. Every caller
 * sends one text after the other and waits for each; nothing comes from the cache. docs/PERFORMANCE-TUNING.md has the
 * command.
 *
 * <p>Settings by system properties: {@code seconds} per cell (2), {@code rounds} (2), {@code padding} and {@code tokens}
 * as akidb.onnx.max-padding and max-batch-tokens, {@code only} a regular expression for the names of the sides, {@code
 * callers} and {@code kinds} lists with commas.
 */
public final class EmbeddingBenchmark {

    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final String WORDS =
            "river stone quiet machine learns garden market winter letter harbour simple engine question mountain"
                    + " paper window travel number colour history bridge animal kitchen science music forest doctor"
                    + " village silver morning answer glass summer carpet signal ocean planet energy teacher butter";

    private interface Side {

        void embed(String text) throws Exception;
    }

    private record Cell(List<Double> millis, double seconds, double cpuSeconds) {}

    private EmbeddingBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        double seconds = Double.parseDouble(System.getProperty("seconds", "2"));
        int rounds = Integer.getInteger("rounds", 2);
        String only = System.getProperty("only", ".*");
        ModelFiles files = RealModel.loader().load(RealModel.registry().defaultModel());
        OnnxProperties onnx =
                new OnnxProperties(0, 1, Integer.getInteger("tokens", 128), Integer.getInteger("padding", 8));
        try (RawOnnx one = new RawOnnx(files, 1, false);
                RawOnnx wide = new RawOnnx(files, CORES, false);
                RawOnnx spinning = new RawOnnx(files, CORES, true);
                LocalEmbeddingManager idleWide = RealModel.manager(
                        List.of(new OnnxBackendFactory(
                                new OnnxProperties(0, CORES, onnx.maxBatchTokens(), onnx.maxPadding()))),
                        new SimpleMeterRegistry());
                LocalEmbeddingManager manager =
                        RealModel.manager(List.of(new OnnxBackendFactory(onnx)), new SimpleMeterRegistry())) {
            Map<String, Side> sides = new LinkedHashMap<>();
            sides.put("raw, 1 thread a call", text -> one.embed(List.of(one.tokenize(text))));
            sides.put("raw, " + CORES + " threads a call", text -> wide.embed(List.of(wide.tokenize(text))));
            sides.put("raw, " + CORES + " threads, spinning", text -> spinning.embed(List.of(spinning.tokenize(text))));
            sides.put("manager", text -> manager.embed(request(text)).get());
            sides.put(
                    "manager, idle-threads " + CORES,
                    text -> idleWide.embed(request(text)).get());
            sides.keySet().removeIf(name -> !name.matches(only));
            out().println("| texts | callers | side | p50 ms | p95 ms | texts/s | CPU ms/text |");
            out().println("|---|---|---|---|---|---|---|");
            for (String kind : System.getProperty("kinds", "short,mixed").split(",")) {
                List<String> texts = texts(kind, 4096);
                for (String callers :
                        System.getProperty("callers", "1,8,32,100").split(",")) {
                    compare(kind, Integer.parseInt(callers), sides, texts, seconds, rounds);
                }
            }
        }
    }

    private static EmbeddingRequest request(String text) {
        return new EmbeddingRequest(
                List.of(text),
                null,
                null,
                true,
                null,
                InputType.NONE,
                true,
                false,
                Duration.ofSeconds(60),
                Account.SERVER);
    }

    /** Short: 5 to 9 words. Mixed: 3 to 60, mostly few. */
    private static List<String> texts(String kind, int count) {
        String[] words = WORDS.split(" ");
        Random random = new Random(42);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = kind.equals("short")
                    ? 5 + random.nextInt(5)
                    : (int) Math.clamp(Math.exp(2.4 + 0.7 * random.nextGaussian()), 3, 60);
            StringBuilder text = new StringBuilder();
            for (int word = 0; word < length; word++) {
                text.append(words[random.nextInt(words.length)]).append(' ');
            }
            texts.add(text.toString().strip());
        }
        return texts;
    }

    private static void compare(
            String kind, int callers, Map<String, Side> sides, List<String> texts, double seconds, int rounds)
            throws InterruptedException {
        Map<String, List<Cell>> cells = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, Side> side : sides.entrySet()) {
                measure(side.getValue(), texts, callers, Math.min(0.5, seconds / 2));
                cells.computeIfAbsent(side.getKey(), name -> new ArrayList<>())
                        .add(measure(side.getValue(), texts, callers, seconds));
            }
        }
        cells.forEach((name, measured) -> print(kind, callers, name, measured));
    }

    private static Cell measure(Side side, List<String> texts, int callers, double seconds)
            throws InterruptedException {
        ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
        AtomicInteger next = new AtomicInteger();
        long cpu = cpuNanos();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        List<Thread> threads = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                    try {
                        side.embed(texts.get(next.getAndIncrement() % texts.size()));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    millis.add((System.nanoTime() - now) / 1e6);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return new Cell(List.copyOf(millis), (System.nanoTime() - start) / 1e9, (cpuNanos() - cpu) / 1e9);
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static void print(String kind, int callers, String name, List<Cell> cells) {
        double[] millis = cells.stream()
                .flatMap(cell -> cell.millis().stream())
                .mapToDouble(value -> value)
                .sorted()
                .toArray();
        double seconds = cells.stream().mapToDouble(Cell::seconds).sum();
        double cpu = cells.stream().mapToDouble(Cell::cpuSeconds).sum();
        out().printf(
                        Locale.ROOT,
                        "| %-5s | %3d | %-24s | %7.2f | %7.2f | %6.0f | %5.2f |%n",
                        kind,
                        callers,
                        name,
                        millis[millis.length / 2],
                        millis[millis.length * 95 / 100],
                        millis.length / seconds,
                        cpu * 1000 / millis.length);
    }

    /** The table is what this program is for; the logger would dress it up. */
    private static PrintStream out() {
        return new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true);
    }
}
