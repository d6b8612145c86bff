package com.akidb.engine.embedded.index.vectors;

import com.akidb.engine.embedded.index.rows.LiveBits;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds most of the nearest ordinals without comparing all. Ordinals are added and never removed; the dead are passed
 * over. One thread at a time adds, beside any number of searches.
 */
public interface SearchStructure {

    /**
     * Adds ordinals.
     *
     * @param live ordinals to add
     * @param members ordinals that are in it already
     * @param added receives how many have been added so far
     * @return what has them all, this one or a new one; null if stopped
     */
    @Nullable
    SearchStructure extended(LiveBits live, LiveBits members, IntConsumer added, BooleanSupplier stopped);

    /**
     * Visits ordinals that may be the nearest, each once.
     *
     * @param query prepared for the metric
     * @param effort how far to look: {@code ef} of a graph, {@code probes} of lists
     * @param accepted ordinals that may be found
     * @param found takes them
     */
    void search(float[] query, int effort, Accepted accepted, IntConsumer found);

    /**
     * Writes its form in a snapshot. What is not kept is taken out of it for good.
     *
     * @param kept members that are alive
     * @return false, and nothing is written, if it is just being added to
     */
    boolean save(LiveBits kept, DataOutputStream out) throws IOException;

    /** How many vectors it should have at most: with more it does not fit any longer and is better built anew. */
    default int mostMembers() {
        return Integer.MAX_VALUE;
    }

    /** Lists that it is made of; 0 if it is made otherwise. */
    int parts();

    long bytes();

    /** Which ordinals a search may find. */
    interface Accepted {
        boolean test(int ordinal);
    }
}
