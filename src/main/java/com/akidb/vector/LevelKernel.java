package com.akidb.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Estimates scores from codes of two bits per dimension, 64 rows at a time. A block holds 16 rows: for each 32 dimensions
 * 16 ints (one per row) of the codes' high bits, then the same of their low bits, then 16 floats {@code factor}, then 16
 * floats {@code bias}. The estimate of a row is {@code factor * (slope * dot + offset) + bias}, where {@code dot} is the
 * inner product of its codes (0 to 3) with the query's levels, given as four bit planes of weights 1, 2, 4 and -8.
 */
public final class LevelKernel {

    /** Rows of a block. */
    public static final int BLOCK_ROWS = 16;

    /** Bytes of one int or float for each row of a block. */
    public static final int ROW_BYTES = BLOCK_ROWS * Integer.BYTES;

    private static final int ROWS = 64;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VectorSpecies<Integer> INTS =
            IntVector.SPECIES_PREFERRED.length() > BLOCK_ROWS ? IntVector.SPECIES_512 : IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS = INTS.withLanes(float.class);
    private static final int WIDTH = INTS.length();

    private LevelKernel() {}

    /** Bytes of a block of codes with so many ints per row and bit. */
    public static int blockBytes(int words) {
        return (2 * words + 2) * ROW_BYTES;
    }

    /**
     * Estimates 64 rows in four blocks.
     *
     * @param at where the first block begins, in bytes
     * @param words ints per row and bit
     * @param planes four ints per 32 dimensions
     * @param estimates takes 64 floats; those of 16 rows without one above the floor may stay as they were
     * @return a bit for each row whose estimate is above {@code floor}, the first row's lowest
     */
    public static long estimate(
            MemorySegment codes,
            long at,
            int words,
            int[] planes,
            float slope,
            float offset,
            float floor,
            float[] estimates) {
        long above = 0;
        int blockBytes = blockBytes(words);
        for (int row = 0; row < ROWS; row += WIDTH) {
            long lane = at + (long) (row / BLOCK_ROWS) * blockBytes + (long) (row % BLOCK_ROWS) * Integer.BYTES;
            IntVector ones = IntVector.zero(INTS);
            IntVector twos = IntVector.zero(INTS);
            IntVector fours = IntVector.zero(INTS);
            IntVector eights = IntVector.zero(INTS);
            for (int word = 0; word < words; word++) {
                IntVector bits = IntVector.fromMemorySegment(INTS, codes, lane + (long) word * ROW_BYTES, ORDER);
                int plane = word * 4;
                ones = ones.add(common(bits, planes[plane]));
                twos = twos.add(common(bits, planes[plane + 1]));
                fours = fours.add(common(bits, planes[plane + 2]));
                eights = eights.add(common(bits, planes[plane + 3]));
            }
            ones = ones.add(ones);
            twos = twos.add(twos);
            fours = fours.add(fours);
            eights = eights.add(eights);
            long low = lane + (long) words * ROW_BYTES;
            for (int word = 0; word < words; word++) {
                IntVector bits = IntVector.fromMemorySegment(INTS, codes, low + (long) word * ROW_BYTES, ORDER);
                int plane = word * 4;
                ones = ones.add(common(bits, planes[plane]));
                twos = twos.add(common(bits, planes[plane + 1]));
                fours = fours.add(common(bits, planes[plane + 2]));
                eights = eights.add(common(bits, planes[plane + 3]));
            }
            IntVector dots = ones.add(twos.lanewise(VectorOperators.LSHL, 1))
                    .add(fours.lanewise(VectorOperators.LSHL, 2))
                    .sub(eights.lanewise(VectorOperators.LSHL, 3));
            long constants = lane + 2L * words * ROW_BYTES;
            FloatVector factor = FloatVector.fromMemorySegment(FLOATS, codes, constants, ORDER);
            FloatVector bias = FloatVector.fromMemorySegment(FLOATS, codes, constants + ROW_BYTES, ORDER);
            FloatVector product = ((FloatVector) dots.convertShape(VectorOperators.I2F, FLOATS, 0));
            FloatVector estimate = product.fma(
                            FloatVector.broadcast(FLOATS, slope), FloatVector.broadcast(FLOATS, offset))
                    .fma(factor, bias);
            long lanes = estimate.compare(VectorOperators.GT, floor).toLong();
            if (lanes != 0) {
                estimate.intoArray(estimates, row);
                above |= lanes << row;
            }
        }
        return above;
    }

    /** How many bits each int has in common with the plane. */
    private static IntVector common(IntVector bits, int plane) {
        return bits.and(plane).lanewise(VectorOperators.BIT_COUNT);
    }
}
