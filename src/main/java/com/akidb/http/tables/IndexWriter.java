package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;
import static java.util.Objects.requireNonNull;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexStatus;
import com.akidb.http.json.JsonWriter;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Writes indexes that users asked for. */
final class IndexWriter {

    private IndexWriter() {}

    /** All of them as an array; those that vector columns have by themselves are passed over. */
    static JsonWriter write(JsonWriter json, List<IndexStatus> indexes) {
        List<IndexStatus> named =
                indexes.stream().filter(index -> index.definition() != null).toList();
        return json.array(named, (to, index) -> write(to, index, requireNonNull(index.definition())));
    }

    static JsonWriter write(JsonWriter json, IndexStatus index, IndexDefinition definition) {
        json.put(piece("{\"name\":")).value(definition.name());
        json.put(piece(",\"type\":")).value(definition.method().isVector() ? "vector" : method(definition));
        json.put(piece(",\"column\":")).value(index.column());
        json.put(piece(",\"columns\":")).strings(definition.columns());
        json.put(piece(",\"method\":")).value(method(definition));
        if (definition.metric() != null) {
            json.put(piece(",\"metric\":")).value(definition.metric().wireName());
            json.put(piece(",\"parameters\":")).numbers(new TreeMap<>(definition.parameters()));
        }
        json.put(piece(",\"status\":")).value(status(index));
        json.put(piece(",\"percent\":")).value(index.percent());
        json.put(piece(",\"rows\":")).value(index.rows());
        json.put(piece(",\"memory_bytes\":")).value(index.memoryBytes());
        if (index.recall() != null) {
            json.put(piece(",\"recall\":")).value(index.recall().doubleValue());
        }
        if (index.error() != null) {
            json.put(piece(",\"error\":")).value(index.error());
        }
        return json.put('}');
    }

    /** {@code building}, {@code ready} or {@code failed}; one whose rows are few enough to be compared exactly is ready. */
    static String status(IndexStatus index) {
        return index.state().equals("exact") ? "ready" : index.state();
    }

    static String method(IndexDefinition definition) {
        return definition.method().name().toLowerCase(Locale.ROOT);
    }
}
