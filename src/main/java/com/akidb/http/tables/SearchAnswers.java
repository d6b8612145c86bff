package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.engine.SearchExplanation;
import com.akidb.http.json.JsonWriter;
import com.akidb.table.ColumnEmbedder.EmbeddedQuery;
import com.akidb.table.SearchService.SearchAnswer.Ranks;
import org.jspecify.annotations.Nullable;

/** Writes what the answers to searches of tables and of collections have in common. */
public final class SearchAnswers {

    /** Says that there are fewer results than were found. */
    public static final byte[] TRUNCATED = piece(",\"truncated\":true");

    private SearchAnswers() {}

    /** Writes what a match has besides its score, as further members of its object. */
    public static void write(JsonWriter json, @Nullable Ranks ranks, @Nullable Object group) {
        if (ranks != null) {
            json.put(piece(",\"ranks\":{\"similarity\":"));
            number(json, ranks.similarity());
            json.put(piece(",\"text\":"));
            number(json, ranks.text());
            json.put(piece("},\"similarity\":"));
            number(json, ranks.similarityScore());
            json.put(piece(",\"text_score\":"));
            number(
                    json,
                    ranks.textScore() == null ? null : (Float) ranks.textScore().floatValue());
        }
        if (group != null) {
            RowJson.writeCell(json.put(piece(",\"group\":")), group);
        }
    }

    /** A number, or null. */
    static void number(JsonWriter json, @Nullable Number value) {
        switch (value) {
            case null -> json.json(null);
            case Float real -> json.value(real.floatValue());
            default -> json.value(value.longValue());
        }
    }

    /** What was searched with, as further members: the vector, and the fingerprint of the column's model, if that is known. */
    public static void query(JsonWriter json, float[] vector, @Nullable String fingerprint) {
        json.put(piece(",\"query_embedding\":")).value(vector);
        if (fingerprint != null) {
            json.put(piece(",\"model_fingerprint\":")).value(fingerprint);
        }
    }

    /** Writes how the query was embedded, as a further member; nothing for a search by vector or row. */
    public static void write(JsonWriter json, @Nullable EmbeddedQuery embedded) {
        if (embedded != null) {
            json.put(piece(",\"embedded\":{\"model\":")).value(embedded.model());
            json.put(piece(",\"input_type\":")).value(embedded.inputType().wireName());
            json.put(piece(",\"prompt\":")).value(embedded.prompt()).put('}');
        }
    }

    /** Writes how the engine searched, as members of an object without its braces. */
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
