package com.akidb.engine.embedded.index.lists;

import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.Sphere;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Finds the centres of clusters in a sample of the vectors, by Lloyd's rounds from random ones. */
final class KMeans {

    private static final long SEED = 20_261_125;
    private static final int ROUNDS = 8;

    /** Vectors in the sample for each centre. */
    private static final int SAMPLE_PER_CENTRE = 48;

    /** Vectors in the sample that a centre needs. */
    private static final int LEAST_PER_CENTRE = 4;

    private static final long MOST_SAMPLE_BYTES = 64 << 20;

    private final float[][] sample;
    private final float[] coordinates;
    private final SplittableRandom random = new SplittableRandom(SEED);

    private KMeans(float[][] sample, float[] coordinates) {
        this.sample = sample;
        this.coordinates = coordinates;
    }

    /**
     * The centres of so many clusters, or of fewer if there are few vectors.
     *
     * @return null if stopped
     */
    static @Nullable Centres centres(Sphere sphere, LiveBits live, int wanted, BooleanSupplier stopped) {
        long most =
                Math.max(LEAST_PER_CENTRE, MOST_SAMPLE_BYTES / (sphere.scores().dimension() * (long) Float.BYTES));
        int[] chosen = choose(live, (int) Math.min(live.alive(), Math.min(most, (long) wanted * SAMPLE_PER_CENTRE)));
        float[][] sample = new float[chosen.length][sphere.scores().dimension()];
        float[] coordinates = new float[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            sphere.scores().read(chosen[i], sample[i]);
            coordinates[i] = sphere.coordinate(chosen[i]);
        }
        return new KMeans(sample, coordinates)
                .run(Math.clamp(wanted, 1, Math.max(1, chosen.length / LEAST_PER_CENTRE)), stopped);
    }

    /** So many ordinals that are alive, at random, each once. */
    private static int[] choose(LiveBits live, int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] chosen = new int[count];
        int seen = 0;
        for (int ordinal = 0; ordinal < live.size(); ordinal++) {
            if (live.get(ordinal)) {
                int place = seen < count ? seen : random.nextInt(seen + 1);
                if (place < count) {
                    chosen[place] = ordinal;
                }
                seen++;
            }
        }
        return chosen;
    }

    private @Nullable Centres run(int count, BooleanSupplier stopped) {
        Centres centres = first(count);
        int[] nearest = new int[sample.length];
        for (int round = 0; round < ROUNDS && sample.length > count; round++) {
            for (int i = 0; i < sample.length; i++) {
                if (i % 256 == 0 && stopped.getAsBoolean()) {
                    return null;
                }
                nearest[i] = centres.nearest(sample[i], coordinates[i]);
            }
            centres = means(count, nearest);
        }
        return centres;
    }

    private Centres first(int count) {
        float[][] vectors = new float[count][];
        float[] further = new float[count];
        int step = Math.max(1, sample.length / count);
        for (int i = 0; i < count; i++) {
            vectors[i] = sample[i * step].clone();
            further[i] = coordinates[i * step];
        }
        return Centres.of(vectors, further);
    }

    /** The mean of what is nearest to each centre; a centre that nothing is nearest to begins anew somewhere. */
    private Centres means(int count, int[] nearest) {
        int dimension = sample[0].length;
        double[][] sums = new double[count][dimension + 1];
        int[] sizes = new int[count];
        for (int i = 0; i < sample.length; i++) {
            double[] sum = sums[nearest[i]];
            for (int j = 0; j < dimension; j++) {
                sum[j] += sample[i][j];
            }
            sum[dimension] += coordinates[i];
            sizes[nearest[i]]++;
        }
        float[][] vectors = new float[count][];
        float[] further = new float[count];
        for (int c = 0; c < count; c++) {
            if (sizes[c] == 0) {
                int anew = random.nextInt(sample.length);
                vectors[c] = sample[anew].clone();
                further[c] = coordinates[anew];
                continue;
            }
            vectors[c] = new float[dimension];
            for (int j = 0; j < dimension; j++) {
                vectors[c][j] = (float) (sums[c][j] / sizes[c]);
            }
            further[c] = (float) (sums[c][dimension] / sizes[c]);
        }
        return Centres.of(vectors, further);
    }
}
