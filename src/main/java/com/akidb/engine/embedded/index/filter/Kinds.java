package com.akidb.engine.embedded.index.filter;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Looks at the kinds of 64 values at once. */
final class Kinds {

    private static final VectorSpecies<Byte> LANES = ByteVector.SPECIES_PREFERRED;

    private Kinds() {}

    /** Bits of the values that are of a kind, lowest bit first. */
    static long equal(byte[] kinds, int from, byte kind) {
        long word = 0;
        for (int i = 0; i < ValueTest.WORD; i += LANES.length()) {
            word |= ByteVector.fromArray(LANES, kinds, from + i)
                            .compare(VectorOperators.EQ, kind)
                            .toLong()
                    << i;
        }
        return word;
    }
}
