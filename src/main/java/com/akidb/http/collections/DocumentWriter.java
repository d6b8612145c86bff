package com.akidb.http.collections;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.collection.Document;
import com.akidb.collection.DocumentHits;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.tables.SearchAnswers;

/** Writes documents; what a hit has beyond a document comes between its id and its text. */
final class DocumentWriter {

    private static final byte[] ID = piece("{\"id\":");
    private static final byte[] SCORE = piece(",\"score\":");
    private static final byte[] TEXT = piece(",\"text\":");
    private static final byte[] METADATA = piece(",\"metadata\":");
    private static final byte[] VECTOR = piece(",\"vector\":");

    private DocumentWriter() {}

    static void write(JsonWriter json, Document document) {
        json.put(ID).value(document.id());
        rest(json, document, true);
    }

    static void write(JsonWriter json, DocumentHits.Hit hit, boolean metadata) {
        json.put(ID).value(hit.document().id()).put(SCORE).value(hit.score());
        SearchAnswers.write(json, hit.ranks(), hit.group());
        rest(json, hit.document(), metadata);
    }

    private static void rest(JsonWriter json, Document document, boolean metadata) {
        json.put(TEXT).value(document.text());
        if (metadata) {
            json.put(METADATA).json(document.metadata());
        }
        float[] vector = document.vector();
        if (vector != null) {
            json.put(VECTOR).value(vector);
        }
        json.put('}');
    }
}
