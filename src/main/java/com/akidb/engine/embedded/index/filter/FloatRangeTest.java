package com.akidb.engine.embedded.index.filter;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** As {@link RangeTest} for floats. */
record FloatRangeTest(double low, double high) implements ValueTest {

    private static final VectorSpecies<Long> LANES = LongVector.SPECIES_PREFERRED;

    @Override
    public boolean passes(byte kind, long payload) {
        double value = Double.longBitsToDouble(payload);
        return kind == ValueKind.FLOAT && value >= low && value <= high;
    }

    @Override
    public long word(byte[] kinds, long[] payloads, int from) {
        long ofKind = Kinds.equal(kinds, from, ValueKind.FLOAT);
        return ofKind == 0 ? 0 : ofKind & inRange(payloads, from);
    }

    private long inRange(long[] payloads, int from) {
        long word = 0;
        for (int i = 0; i < WORD; i += LANES.length()) {
            DoubleVector values =
                    LongVector.fromArray(LANES, payloads, from + i).reinterpretAsDoubles();
            VectorMask<Double> in =
                    values.compare(VectorOperators.GE, low).and(values.compare(VectorOperators.LE, high));
            word |= in.toLong() << i;
        }
        return word;
    }
}
