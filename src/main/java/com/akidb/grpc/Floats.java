package com.akidb.grpc;

import java.util.List;

/** Repeated floats of protobuf as arrays. */
final class Floats {

    private Floats() {}

    static float[] array(List<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }
}
