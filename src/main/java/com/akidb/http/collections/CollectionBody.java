package com.akidb.http.collections;

import com.akidb.collection.NewCollection;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.vector.Metric;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /collections}. */
final class CollectionBody {

    private static final Fields FIELDS = Fields.of("name", "dimension", "metric", "model", "text_index");

    private @Nullable String name;
    private @Nullable Integer dimension;
    private Metric metric = Metric.COSINE;
    private @Nullable String model;
    private boolean textIndex;

    static NewCollection read(JsonReader json) {
        CollectionBody body = new CollectionBody();
        json.object(FIELDS, body::member);
        json.end();
        if (body.name == null) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "name is missing", "name");
        }
        return new NewCollection(body.name, body.dimension, body.metric, body.model, body.textIndex);
    }

    private void member(JsonReader json, String member) {
        if (member.equals("name")) {
            name = json.string();
        } else if (!json.nothing()) {
            switch (member) {
                case "dimension" -> dimension = json.integer(1, Integer.MAX_VALUE);
                case "metric" -> metric = Metric.parse(json.string(), member);
                case "model" -> model = json.string();
                case "text_index" -> textIndex = json.bool();
                default -> throw new IllegalStateException(member);
            }
        }
    }
}
