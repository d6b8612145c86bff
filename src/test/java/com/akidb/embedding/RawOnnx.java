package com.akidb.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.akidb.model.ModelFiles;
import com.akidb.vector.Vectors;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** ONNX Runtime as plainly as it can be used: tokenise, run, take the mean, normalise. The floor of the benchmark. */
final class RawOnnx implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final TextTokenizer tokenizer;

    RawOnnx(ModelFiles files, int threads, boolean spin) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", spin ? "1" : "0");
        session = environment.createSession(files.model().toString(), options);
        tokenizer = TextTokenizer.open(files.tokenizer(), "raw", 256);
    }

    int[] tokenize(String text) {
        return tokenizer.tokenize(text).ids();
    }

    /** Rows of one length. */
    float[][] embed(List<int[]> rows) throws OrtException {
        int length = rows.getFirst().length;
        long[] ids = new long[rows.size() * length];
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < length; i++) {
                ids[row * length + i] = rows.get(row)[i];
            }
        }
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        long[] shape = {rows.size(), length};
        try (OnnxTensor input = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape);
                OnnxTensor types = OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", types))) {
            return mean(((OnnxTensor) result.get(0)).getFloatBuffer(), rows.size(), length);
        }
    }

    private static float[][] mean(FloatBuffer states, int rows, int length) {
        int hidden = states.remaining() / rows / length;
        float[] state = new float[hidden];
        float[][] vectors = new float[rows][hidden];
        for (float[] vector : vectors) {
            for (int token = 0; token < length; token++) {
                states.get(state);
                for (int i = 0; i < hidden; i++) {
                    vector[i] += state[i] / length;
                }
            }
            Vectors.normalize(vector);
        }
        return vectors;
    }

    @Override
    public void close() throws OrtException {
        session.close();
        tokenizer.close();
    }
}
