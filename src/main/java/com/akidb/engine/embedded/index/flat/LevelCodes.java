package com.akidb.engine.embedded.index.flat;

import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.vector.LevelKernel;
import com.akidb.vector.Metric;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Two bits per dimension of each vector, by ordinal, with two numbers that turn an inner product of codes into an
 * unbiased estimate of the score's order (after RaBitQ, Gao and Long, SIGMOD 2024 and 2025). For the vector x = c + r the
 * rotated r is rounded to four levels v (-1.5, -0.5, 0.5, 1.5 times its root mean square); {@code <r, q - c>} is estimated
 * by {@code f <v, rotated (q - c)>} with {@code f = |r|^2 / <v, rotated r>}. Ranks by {@code <r, q - c> + <r, c>} under
 * cosine and inner product, by {@code <r, q - c> - |r|^2 / 2} under euclidean; both hold for any norms.
 *
 * <p>Rows lie in blocks of {@link LevelKernel#BLOCK_ROWS}, word by word, as the kernel reads them. One thread stores;
 * any thread may scan what was published to it. The garbage collector frees the memory.
 */
public final class LevelCodes {

    /** Dimensions from which codes are worth it: below, a full-precision row is hardly longer. */
    public static final int MIN_DIMENSION = 64;

    /** Room that a scan works in. Used again for the next scan; for one thread at a time. */
    public static final class Scratch {
        private final LevelQuery query = new LevelQuery();
        private final float[] estimates = new float[Long.SIZE];
    }

    private static final int SAMPLE = 1_024;
    private static final int CHECK_EVERY = 1_024;

    /** Ordinals of a chunk: a multiple of the 64 in a word of {@link LiveBits}. */
    private static final int CHUNK_ROWS = 1024;

    private static final int BLOCKS_PER_WORD = Long.SIZE / LevelKernel.BLOCK_ROWS;

    /** A code stands for the level that is lower by this. */
    static final float CODE_CENTRE = 1.5f;

    private static final double LARGEST = 1e20;
    private static final double ALWAYS = 1e36;

    private final Arena arena = Arena.ofAuto();
    private final int dimension;
    private final Metric metric;
    private final float[] centre;
    private final FastRotation rotation;
    private final int words;
    private final int blockBytes;
    private final float[] rotated;
    private final int trainedOn;
    private MemorySegment[] chunks = new MemorySegment[0];

    /**
     * @param centre near which the vectors lie, usually their mean; changes only how good estimates are
     * @param trainedOn how many vectors there were when the centre was found
     */
    public LevelCodes(Metric metric, float[] centre, int trainedOn) {
        this.trainedOn = trainedOn;
        this.metric = metric;
        this.dimension = centre.length;
        this.centre = centre.clone();
        this.rotation = new FastRotation(dimension);
        this.words = (dimension + Integer.SIZE - 1) / Integer.SIZE;
        this.blockBytes = LevelKernel.blockBytes(words);
        this.rotated = new float[dimension];
    }

    /** Codes of all that is alive, centred on its median; unfinished if stopped. */
    public static LevelCodes build(MetricScores scores, LiveBits live, BooleanSupplier stopped) {
        LevelCodes codes = new LevelCodes(scores.metric(), centre(scores, live), live.alive());
        codes.extend(scores, live, LiveBits.EMPTY, stopped);
        return codes;
    }

    /** Adds the codes of what is alive and not done. */
    public void extend(MetricScores scores, LiveBits live, LiveBits done, BooleanSupplier stopped) {
        reserve(live.size());
        float[] vector = new float[dimension];
        for (int ordinal = 0; ordinal < live.size(); ordinal++) {
            if (ordinal % CHECK_EVERY == 0 && stopped.getAsBoolean()) {
                return;
            }
            if (live.get(ordinal) && !done.has(ordinal)) {
                scores.read(ordinal, vector);
                put(ordinal, vector);
            }
        }
    }

    /** The median of each dimension over a sample: unlike a mean it is not carried away by a few long vectors. */
    private static float[] centre(MetricScores scores, LiveBits live) {
        int step = Math.max(1, live.size() / SAMPLE);
        float[][] sample = new float[scores.dimension()][live.size() / step + 1];
        float[] vector = new float[scores.dimension()];
        int count = 0;
        for (int ordinal = 0; ordinal < live.size(); ordinal += step) {
            if (live.get(ordinal)) {
                scores.read(ordinal, vector);
                for (int i = 0; i < vector.length; i++) {
                    sample[i][count] = vector[i];
                }
                count++;
            }
        }
        for (int i = 0; i < vector.length; i++) {
            Arrays.sort(sample[i], 0, count);
            vector[i] = count == 0 ? 0 : sample[i][count / 2];
        }
        return vector;
    }

    /** How many vectors there were when the centre was found. */
    public int trainedOn() {
        return trainedOn;
    }

    public long bytes() {
        return (long) chunks.length * chunkBytes();
    }

    /** Makes room for ordinals below that number, so that storing their codes cannot fail. */
    public void reserve(int ordinals) {
        int needed = (int) (((long) ordinals + CHUNK_ROWS - 1) / CHUNK_ROWS);
        if (needed > chunks.length) {
            MemorySegment[] grown = Arrays.copyOf(chunks, needed);
            for (int i = chunks.length; i < needed; i++) {
                grown[i] = arena.allocate(chunkBytes(), 64);
            }
            chunks = grown;
        }
    }

    /** Stores the code of an ordinal that has none. The vector is prepared for the metric. */
    public void put(int ordinal, float[] vector) {
        reserve(ordinal + 1);
        double squares = 0;
        double withCentre = 0;
        for (int i = 0; i < dimension; i++) {
            float difference = vector[i] - centre[i];
            rotated[i] = difference;
            squares += (double) difference * difference;
            withCentre += (double) difference * centre[i];
        }
        rotation.apply(rotated);
        MemorySegment chunk = chunks[ordinal / CHUNK_ROWS];
        long block = (long) (ordinal % CHUNK_ROWS / LevelKernel.BLOCK_ROWS) * blockBytes;
        long lane = (ordinal % LevelKernel.BLOCK_ROWS) * (long) Integer.BYTES;
        double step = Math.sqrt(squares / dimension);
        float inverse = squares > 0 ? (float) Math.min(1 / step, Float.MAX_VALUE) : 0;
        double product = 0;
        for (int word = 0; word < words; word++) {
            int high = 0;
            int low = 0;
            int from = word * Integer.SIZE;
            int until = Math.min(dimension, from + Integer.SIZE);
            for (int i = from; i < until; i++) {
                float level = rotated[i] * inverse;
                int code = 3 + negative(level + 1) + negative(level + 0f) + negative(level - 1);
                high |= (code >> 1) << (i - from);
                low |= (code & 1) << (i - from);
                product += (code - CODE_CENTRE) * rotated[i];
            }
            long at = block + (long) word * LevelKernel.ROW_BYTES + lane;
            chunk.set(ValueLayout.JAVA_INT, at, high);
            chunk.set(ValueLayout.JAVA_INT, at + (long) words * LevelKernel.ROW_BYTES, low);
        }
        double factor = product > 0 ? squares / product : 0;
        double bias = metric == Metric.EUCLIDEAN ? -squares / 2 : withCentre;
        if (!(Math.abs(factor) < LARGEST && Math.abs(bias) < LARGEST)) {
            // Too large to estimate: always a candidate.
            factor = 0;
            bias = ALWAYS;
        }
        long constants = block + 2L * words * LevelKernel.ROW_BYTES + lane;
        chunk.set(ValueLayout.JAVA_FLOAT, constants, (float) factor);
        chunk.set(ValueLayout.JAVA_FLOAT, constants + LevelKernel.ROW_BYTES, (float) bias);
    }

    /** -1 of a negative number, else 0: without a branch, which nothing could foretell. Adding 0 makes 0 of its negative. */
    private static int negative(float value) {
        return Float.floatToRawIntBits(value) >> 31;
    }

    /**
     * Finds the ordinals whose estimates are best.
     *
     * @param query prepared for the metric
     * @param live ordinals that may be found; all have codes
     * @param filter further bits that must be set, by 64 ordinals a word; null lets all pass
     * @param without ordinals that are passed over
     * @return false if the query's values are too large for estimates; nothing is found then
     */
    public boolean scan(
            float[] query,
            LiveBits live,
            long @Nullable [] filter,
            LiveBits without,
            Scratch scratch,
            Candidates candidates) {
        LevelQuery levels = scratch.query;
        if (!levels.set(query, centre, rotation)) {
            return false;
        }
        float[] estimates = scratch.estimates;
        int wordCount = live.wordCount();
        for (int word = 0; word < wordCount; word++) {
            long pass = filter == null ? live.word(word) : live.word(word) & filter[word];
            pass &= ~without.wordOrZero(word);
            if (pass == 0) {
                continue;
            }
            MemorySegment chunk = chunks[word / (CHUNK_ROWS / Long.SIZE)];
            long at = (long) (word % (CHUNK_ROWS / Long.SIZE)) * BLOCKS_PER_WORD * blockBytes;
            long above = LevelKernel.estimate(
                            chunk,
                            at,
                            words,
                            levels.planes(),
                            levels.slope(),
                            levels.offset(),
                            candidates.floor(),
                            estimates)
                    & pass;
            while (above != 0) {
                int bit = Long.numberOfTrailingZeros(above);
                above &= above - 1;
                if (estimates[bit] > candidates.floor()) {
                    candidates.add(estimates[bit], word * Long.SIZE + bit);
                }
            }
        }
        candidates.finish();
        return true;
    }

    private long chunkBytes() {
        return (long) CHUNK_ROWS / LevelKernel.BLOCK_ROWS * blockBytes;
    }
}
