package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.vector.Similarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How well cosines agree with people, on the development split of STSBenchmark. Its texts are not ours to copy. */
class StsQualityTests {

    private static final Path FILE = Path.of(System.getProperty("akidb.test.sts-file", "../shared/data/sts-dev.csv"));

    private record Pair(String first, String second, double score) {}

    @Test
    void ranksSentencePairsAsPeopleDo() throws IOException {
        assumeTrue(
                Files.isRegularFile(FILE),
                () -> "No STSBenchmark at " + FILE + "; name its development split by -Dakidb.test.sts-file");
        List<Pair> pairs = Files.readAllLines(FILE).stream()
                .map(line -> line.split("\t"))
                .map(cells -> new Pair(cells[5], cells[6], Double.parseDouble(cells[4])))
                .toList();
        try (LocalEmbeddingManager manager = RealModel.manager()) {
            List<String> texts = pairs.stream()
                    .flatMap(pair -> Stream.of(pair.first(), pair.second()))
                    .toList();
            EmbeddingRequest request = new EmbeddingRequest(
                    texts, null, null, true, null, InputType.NONE, true, false, Duration.ofMinutes(10), Account.SERVER);
            List<float[]> vectors = manager.embed(request).join().vectors();
            double[] cosines = IntStream.range(0, pairs.size())
                    .mapToDouble(i -> Similarity.cosine(vectors.get(2 * i), vectors.get(2 * i + 1)))
                    .toArray();
            double[] scores = pairs.stream().mapToDouble(Pair::score).toArray();

            assertThat(correlation(ranks(cosines), ranks(scores))).isCloseTo(0.8672, within(0.0005));
        }
    }

    /** Ranks; equal values share the mean of theirs. */
    private static double[] ranks(double[] values) {
        Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double[] ranks = new double[values.length];
        for (int from = 0; from < order.length; ) {
            int to = from;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }
}
