package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.engine.SearchExplanation;
import com.akidb.http.json.JsonWriter;

/** Writes how a search was done. */
public final class SearchExplanations {

    private SearchExplanations() {}

    /** The members of an object, without its braces. */
    public static void write(JsonWriter json, SearchExplanation explanation) {
        json.put(piece("\"plan\":")).value(explanation.plan());
        json.put(piece(",\"reason\":")).value(explanation.reason());
        json.put(piece(",\"rows\":")).value(explanation.rows());
        json.put(piece(",\"passing\":")).value(explanation.passing());
        json.put(piece(",\"candidates\":")).value(explanation.candidates());
        if (explanation.means() != null) {
            means(json, explanation.means());
        }
        json.put(piece(",\"step_micros\":")).numbers(explanation.stepMicros());
    }

    private static void means(JsonWriter json, SearchExplanation.Means means) {
        if (means.index() != null) {
            json.put(piece(",\"index\":")).value(means.index());
        }
        json.put(piece(",\"metric\":")).value(means.metric());
        json.put(piece(",\"effort\":")).value((long) means.effort());
        json.put(piece(",\"passes\":")).value((long) means.passes());
        json.put(piece(",\"effort_raised\":")).value(means.raised());
        json.put(piece(",\"recall_floor\":")).value(means.recallFloor());
        if (means.recall() != null) {
            json.put(piece(",\"recall\":")).value(means.recall().doubleValue());
        }
    }
}
