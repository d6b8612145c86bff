package com.akidb.engine.embedded.index.lists;

import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.snapshot.SectionInput;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import com.akidb.engine.embedded.index.vectors.Sphere;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The ordinals of a column in lists, each around a centre. A search visits the lists whose centres are nearest. Never
 * changed: adding makes a new one that shares what stays.
 */
public final class ClusteredLists implements SearchStructure {

    private static final int CHECK_EVERY = 256;

    /** Centres are found anew when the vectors have become so many times as many. */
    private static final int RETRAIN = 4;

    private final Sphere sphere;
    private final Centres centres;
    private final int[][] lists;

    /** Vectors that the centres were found in. */
    private final int trainedOn;

    private ClusteredLists(Sphere sphere, int trainedOn, Centres centres, int[][] lists) {
        this.sphere = sphere;
        this.trainedOn = trainedOn;
        this.centres = centres;
        this.lists = lists;
    }

    /**
     * Lists around the centres of clusters, still empty.
     *
     * @param live vectors that the centres are found in; at least one
     * @param wanted how many lists; fewer if there are fewer vectors
     * @return null if stopped
     */
    public static @Nullable ClusteredLists around(
            MetricScores scores, LiveBits live, int wanted, BooleanSupplier stopped) {
        Sphere sphere = Sphere.around(scores, live);
        Centres centres = KMeans.centres(sphere, live, wanted, stopped);
        return centres == null ? null : new ClusteredLists(sphere, live.alive(), centres, new int[centres.count()][0]);
    }

    @Override
    public @Nullable SearchStructure extended(
            LiveBits live, LiveBits members, IntConsumer added, BooleanSupplier stopped) {
        int[][] longer = lists.clone();
        int[] sizes = new int[longer.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = longer[i].length;
        }
        float[] vector = new float[sphere.scores().dimension()];
        int count = 0;
        for (int ordinal = 0; ordinal < live.size(); ordinal++) {
            if (!live.get(ordinal) || members.has(ordinal)) {
                continue;
            }
            if (count % CHECK_EVERY == 0 && stopped.getAsBoolean()) {
                return null;
            }
            sphere.scores().read(ordinal, vector);
            int list = centres.nearest(vector, sphere.coordinate(ordinal));
            if (longer[list] == lists[list] || sizes[list] == longer[list].length) {
                longer[list] = Arrays.copyOf(longer[list], sizes[list] + Math.max(8, sizes[list] / 4));
            }
            longer[list][sizes[list]++] = ordinal;
            added.accept(++count);
        }
        for (int i = 0; i < longer.length; i++) {
            longer[i] = longer[i].length == sizes[i] ? longer[i] : Arrays.copyOf(longer[i], sizes[i]);
        }
        return new ClusteredLists(sphere, trainedOn, centres, longer);
    }

    @Override
    public void search(float[] query, int effort, Accepted accepted, IntConsumer found) {
        for (long list : centres.nearest(query, sphere.scale(query), effort)) {
            for (int ordinal : lists[(int) list]) {
                if (accepted.test(ordinal)) {
                    found.accept(ordinal);
                }
            }
        }
    }

    @Override
    public int mostMembers() {
        return (int) Math.min(Integer.MAX_VALUE, (long) RETRAIN * trainedOn);
    }

    @Override
    public int parts() {
        return lists.length;
    }

    @Override
    public long bytes() {
        return centres.bytes()
                + Arrays.stream(lists).mapToLong(list -> 16 + 4L * list.length).sum();
    }

    @Override
    public boolean save(LiveBits kept, DataOutputStream out) throws IOException {
        out.writeFloat(sphere.radius());
        out.writeInt(trainedOn);
        out.writeInt(lists.length);
        for (int i = 0; i < lists.length; i++) {
            for (float value : centres.vectors()[i]) {
                out.writeFloat(value);
            }
            out.writeFloat(centres.further()[i]);
            out.writeInt(lists[i].length);
            for (int ordinal : lists[i]) {
                out.writeInt(ordinal);
            }
        }
        return true;
    }

    /**
     * What {@link #save} wrote.
     *
     * @param kept ordinals whose vectors are still what they were
     */
    public static ClusteredLists load(MetricScores scores, SectionInput in, LiveBits kept) throws IOException {
        Sphere sphere = new Sphere(scores, in.readFloat());
        int trainedOn = in.readInt();
        int count = in.readCount((scores.dimension() + 2) * Float.BYTES);
        float[][] vectors = new float[count][scores.dimension()];
        float[] further = new float[count];
        int[][] lists = new int[count][];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < vectors[i].length; j++) {
                vectors[i][j] = in.readFloat();
            }
            further[i] = in.readFloat();
            int[] list = new int[in.readCount(Integer.BYTES)];
            for (int j = 0; j < list.length; j++) {
                list[j] = in.readInt();
            }
            lists[i] = Arrays.stream(list).filter(kept::has).toArray();
        }
        return new ClusteredLists(sphere, trainedOn, Centres.of(vectors, further), lists);
    }
}
