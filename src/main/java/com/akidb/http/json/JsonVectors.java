package com.akidb.http.json;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.Arrays;

/** Reads arrays of float32 numbers. */
final class JsonVectors {

    private JsonVectors() {}

    static float[] read(JsonBytes json) {
        if (json.peek() != '[') {
            throw json.wrongType("an array of numbers");
        }
        json.position++;
        if (json.take(']')) {
            return new float[0];
        }
        float[] values = new float[384];
        int size = 0;
        try {
            do {
                if (size == values.length) {
                    values = Arrays.copyOf(values, size * 2);
                }
                values[size] = JsonNumbers.readFloat(json);
                size++;
            } while (json.take(','));
        } catch (InvalidInputException e) {
            throw atItem(json, e, size);
        }
        json.expect(']');
        return size == values.length ? values : Arrays.copyOf(values, size);
    }

    /** Items of vectors are read without keeping a path, so that it is made up when one of them is wrong. */
    private static InvalidInputException atItem(JsonBytes json, InvalidInputException e, int index) {
        if (e.code() == ErrorCode.MALFORMED_JSON) {
            return e;
        }
        String field = json.path.toString();
        String item = field + "[" + index + "]";
        return new InvalidInputException(e.code(), item + e.detail().substring(field.length()), item);
    }
}
