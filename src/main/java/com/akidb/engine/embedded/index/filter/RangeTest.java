package com.akidb.engine.embedded.index.filter;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Passes payloads of one kind that are in a range, both ends included: equal strings, flags and times, and integers and times
 * in an order. Looks at as many at once as the machine's vectors hold.
 */
record RangeTest(byte wanted, long low, long high) implements ValueTest {

    private static final VectorSpecies<Long> LANES = LongVector.SPECIES_PREFERRED;

    static RangeTest only(byte kind, long payload) {
        return new RangeTest(kind, payload, payload);
    }

    @Override
    public boolean passes(byte kind, long payload) {
        return kind == wanted && payload >= low && payload <= high;
    }

    @Override
    public long word(byte[] kinds, long[] payloads, int from) {
        long ofKind = Kinds.equal(kinds, from, wanted);
        return ofKind == 0 ? 0 : ofKind & inRange(payloads, from);
    }

    private long inRange(long[] payloads, int from) {
        long word = 0;
        for (int i = 0; i < WORD; i += LANES.length()) {
            LongVector values = LongVector.fromArray(LANES, payloads, from + i);
            VectorMask<Long> in = values.compare(VectorOperators.GE, low).and(values.compare(VectorOperators.LE, high));
            word |= in.toLong() << i;
        }
        return word;
    }
}
