package com.akidb.embedding.openai;

import com.akidb.embedding.EmbeddingBackend.TextBatch;
import com.akidb.embedding.EmbeddingBackend.TextVectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what the provider answered, and believes nothing of it unseen. */
final class EmbeddingsAnswer {

    private static final JsonMapper JSON = JsonMapper.shared();

    private EmbeddingsAnswer() {}

    /** The answer is not what the API promises; the message says in what, without quoting it. */
    static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    /** The vectors of a batch, in its order. */
    static TextVectors read(byte[] body, TextBatch batch, int dimension) throws MalformedException {
        JsonNode answer;
        try {
            answer = JSON.readTree(body);
        } catch (JacksonException e) {
            throw new MalformedException("it is not JSON");
        }
        JsonNode data = answer.path("data");
        int texts = batch.texts().size();
        if (data.size() != texts) {
            throw new MalformedException("it has " + data.size() + " vectors for " + texts + " texts");
        }
        float[][] vectors = new float[texts][];
        for (int i = 0; i < texts; i++) {
            int index = data.get(i).path("index").asInt(i);
            if (index < 0 || index >= texts || vectors[index] != null) {
                throw new MalformedException("its indexes are not those of the texts");
            }
            vectors[index] = vector(data.get(i).path("embedding"), dimension);
        }
        JsonNode total = answer.path("usage").path("total_tokens");
        return total.isIntegralNumber() && total.canConvertToInt() && total.intValue() > 0
                ? TextVectors.sharing(batch, vectors, total.intValue())
                : TextVectors.estimating(batch, vectors);
    }

    private static float[] vector(JsonNode embedding, int dimension) throws MalformedException {
        if (!embedding.isArray() || embedding.size() != dimension) {
            throw new MalformedException(
                    "a vector has " + embedding.size() + " numbers, and the model's dimension is " + dimension);
        }
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            JsonNode number = embedding.get(i);
            vector[i] = number.isNumber() ? (float) number.doubleValue() : Float.NaN;
            if (!Float.isFinite(vector[i])) {
                throw new MalformedException("a vector has a value that is not a finite number");
            }
        }
        return vector;
    }

    /** The provider's own code of a failure, if it is a plain word; its message may quote what it was sent. */
    static String failureCode(byte[] body) {
        try {
            JsonNode error = JSON.readTree(body).path("error");
            String code = error.path("code").asString("");
            String word = code.isEmpty() ? error.path("type").asString("") : code;
            return word.matches("[a-z][a-z0-9_]{0,63}") ? word : "";
        } catch (JacksonException e) {
            return "";
        }
    }
}
