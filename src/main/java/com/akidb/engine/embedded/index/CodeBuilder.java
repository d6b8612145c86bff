package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Makes the quantised codes of a column that has vectors already. */
final class CodeBuilder {

    /** Dimensions from which codes are worth it: below, a full-precision row is hardly longer. */
    static final int MIN_DIMENSION = 64;

    private static final int SAMPLE = 1_024;
    private static final int CHECK_EVERY = 1_024;

    private CodeBuilder() {}

    /** Codes of all that is alive, centred on its median; unfinished if stopped. */
    static LevelCodes build(MetricScores scores, LiveBits live, BooleanSupplier stopped) {
        LevelCodes codes = new LevelCodes(scores.metric(), centre(scores, live), live.alive());
        extend(codes, scores, live, LiveBits.EMPTY, stopped);
        return codes;
    }

    /** Adds the codes of what is alive and not done. */
    static void extend(LevelCodes codes, MetricScores scores, LiveBits live, LiveBits done, BooleanSupplier stopped) {
        codes.reserve(live.size());
        float[] vector = new float[scores.dimension()];
        for (int ordinal = 0; ordinal < live.size(); ordinal++) {
            if (ordinal % CHECK_EVERY == 0 && stopped.getAsBoolean()) {
                return;
            }
            if (live.get(ordinal) && !done.has(ordinal)) {
                scores.read(ordinal, vector);
                codes.put(ordinal, vector);
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
}
