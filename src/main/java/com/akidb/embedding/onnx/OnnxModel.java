package com.akidb.embedding.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An opened ONNX graph that takes {@code input_ids}, {@code attention_mask} and maybe {@code token_type_ids} and gives
 * the states of all tokens. Any number of threads may run it at once, and they share its weights.
 */
final class OnnxModel implements AutoCloseable {

    private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String output;
    private final boolean takesTypes;
    private final int hidden;

    private OnnxModel(OrtEnvironment environment, OrtSession session, String output, int hidden) {
        this.environment = environment;
        this.session = session;
        this.output = output;
        this.hidden = hidden;
        takesTypes = session.getInputNames().contains("token_type_ids");
    }

    /**
     * Opens the file.
     *
     * @param dimension length of a token's state that the registry promises
     * @param threads that work on one run; with 1 it is the calling thread alone
     * @throws UnavailableException if the file is missing
     * @throws CorruptDataException if it is damaged or not such a model
     */
    static OnnxModel open(Path file, String model, int dimension, int threads) {
        if (!Files.isRegularFile(file)) {
            throw new UnavailableException("Model '" + model + "': its file " + file.getFileName() + " is missing");
        }
        OrtEnvironment environment = OnnxEnvironment.keptAlive();
        OrtSession session;
        try (OrtSession.SessionOptions options = options(threads)) {
            session = environment.createSession(file.toString(), options);
        } catch (OrtException e) {
            throw new CorruptDataException(
                    "Model '" + model + "': its file " + file.getFileName() + " is damaged or not an ONNX model", e);
        }
        try {
            return new OnnxModel(environment, session, outputOf(session, model, dimension), dimension);
        } catch (OrtException | RuntimeException e) {
            closeQuietly(session);
            throw e instanceof RuntimeException failure
                    ? failure
                    : new CorruptDataException("Model '" + model + "' does not say what it takes", e);
        }
    }

    /** Threads never spin: what one session burns while it waits, another one lacks. */
    private static OrtSession.SessionOptions options(int threads) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        // Patterns are remembered per shape, and there are as many shapes as lengths.
        options.setMemoryPatternOptimization(false);
        return options;
    }

    private static String outputOf(OrtSession session, String model, int dimension) throws OrtException {
        Set<String> inputs = session.getInputNames();
        if (!inputs.contains("input_ids") || !inputs.contains("attention_mask") || !INPUTS.containsAll(inputs)) {
            throw new CorruptDataException("Model '" + model + "' takes " + inputs
                    + "; only input_ids, attention_mask and token_type_ids can be given to it");
        }
        for (Map.Entry<String, NodeInfo> candidate : session.getOutputInfo().entrySet()) {
            if (candidate.getValue().getInfo() instanceof TensorInfo tensor
                    && tensor.getShape().length == 3
                    && (tensor.getShape()[2] == dimension || tensor.getShape()[2] < 0)) {
                return candidate.getKey();
            }
        }
        throw new CorruptDataException("Model '" + model + "' gives " + session.getOutputNames()
                + ", none of which holds the states of tokens in dimension " + dimension);
    }

    /** Runs the model over what the buffers hold, in the calling thread. */
    void run(OnnxBuffers buffers, int rows, int length) throws OrtException {
        long[] shape = {rows, length};
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, buffers.ids(), shape);
                OnnxTensor mask = OnnxTensor.createTensor(environment, buffers.mask(), shape);
                OnnxTensor types = OnnxTensor.createTensor(environment, buffers.types(), shape);
                OnnxTensor states =
                        OnnxTensor.createTensor(environment, buffers.states(), new long[] {rows, length, hidden})) {
            inputs.put("input_ids", ids);
            inputs.put("attention_mask", mask);
            if (takesTypes) {
                inputs.put("token_type_ids", types);
            }
            session.run(inputs, Map.of(output, states)).close();
        }
    }

    int hidden() {
        return hidden;
    }

    @Override
    public void close() {
        closeQuietly(session);
    }

    private static void closeQuietly(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("The model was closed already", e);
        }
    }
}
