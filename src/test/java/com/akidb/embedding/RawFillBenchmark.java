package com.akidb.embedding;

import com.akidb.model.ModelFiles;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many texts a second ONNX Runtime alone embeds: all of them known beforehand, those of equal length together in calls of
 * up to 128 tokens, one thread a core. The floor of what it takes to fill a computed column. System property {@code texts}: a
 * file of one text a line. Each line on standard input has them embedded once and is answered by a line of the rate.
 */
public final class RawFillBenchmark {

    private static final int TOKENS_A_CALL = 128;

    private RawFillBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        List<String> texts = Files.readAllLines(Path.of(System.getProperty("texts")));
        ModelFiles files = RealModel.loader().load(RealModel.registry().defaultModel());
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (RawOnnx raw = new RawOnnx(files, 1, false)) {
            while (orders.readLine() != null) {
                System.out.println("texts/s " + run(raw, texts));
            }
        }
    }

    /** Texts a second, tokenisation included. */
    private static double run(RawOnnx raw, List<String> texts) throws InterruptedException {
        long start = System.nanoTime();
        TreeMap<Integer, List<int[]>> byLength = new TreeMap<>();
        for (String text : texts) {
            int[] tokens = raw.tokenize(text);
            byLength.computeIfAbsent(tokens.length, length -> new ArrayList<>()).add(tokens);
        }
        List<List<int[]>> calls = new ArrayList<>();
        byLength.forEach((length, rows) -> {
            int most = Math.max(1, TOKENS_A_CALL / length);
            for (int from = 0; from < rows.size(); from += most) {
                calls.add(rows.subList(from, Math.min(rows.size(), from + most)));
            }
        });
        AtomicInteger next = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < Runtime.getRuntime().availableProcessors(); thread++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int call = next.getAndIncrement(); call < calls.size(); call = next.getAndIncrement()) {
                    try {
                        raw.embed(calls.get(call));
                    } catch (ai.onnxruntime.OrtException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return texts.size() / ((System.nanoTime() - start) / 1e9);
    }
}
