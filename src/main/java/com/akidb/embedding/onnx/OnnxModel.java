package com.akidb.embedding.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import com.akidb.model.ModelFiles;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An opened ONNX graph that takes {@code input_ids}, {@code attention_mask} and maybe {@code token_type_ids} and gives
 * the states of all tokens. Any number of threads may run it at once, and they share its weights.
 */
final class OnnxModel implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OnnxModel.class);
    private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");
    /** The logging level WARNING, as the native side counts. */
    private static final int WARNINGS = 2;

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
     * @param files with the weights, which are mapped if they are only ever replaced whole
     * @param dimension length of a token's state that the registry promises
     * @param threads that work on one run; with 1 it is the calling thread alone
     * @throws UnavailableException if the file is missing
     * @throws CorruptDataException if it is damaged or not such a model
     */
    static OnnxModel open(ModelFiles files, String model, int dimension, int threads) {
        Path file = files.model();
        if (!Files.isRegularFile(file)) {
            throw new UnavailableException("Model '" + model + "': its file " + file.getFileName() + " is missing");
        }
        OrtEnvironment environment = environment();
        OrtSession session;
        try (OrtSession.SessionOptions options = options(threads)) {
            session = files.replacedWhole()
                    ? mapped(environment, file, options)
                    : environment.createSession(file.toString(), options);
        } catch (OrtException | IOException e) {
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

    private static OrtSession mapped(OrtEnvironment environment, Path file, OrtSession.SessionOptions options)
            throws OrtException, IOException {
        options.addConfigEntry(
                "session.model_external_initializers_file_folder_path",
                Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of(""))
                        .toString());
        return environment.createSession(MappedWeights.graphOf(file), options);
    }

    /**
     * The process's ONNX Runtime. Its Java binding destroys the native environment in a shutdown hook of its own, which
     * runs beside the one that drains the server: a text that is still being embedded would then bring the process down.
     * The native environment counts who uses it, so one more use, never given back, keeps it alive to the end.
     */
    private static OrtEnvironment environment() {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try {
            Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            Method use = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            api.setAccessible(true);
            use.setAccessible(true);
            use.invoke(null, api.getLong(null), WARNINGS, OrtEnvironment.DEFAULT_NAME);
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.warn("ONNX Runtime has changed: requests in flight may be lost when the server stops", e);
        }
        return environment;
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
    void run(Buffers buffers, int rows, int length) throws OrtException {
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

    /**
     * Native memory for one call at a time: inputs as {@code int64[rows][length]}, output as {@code
     * float32[rows][length][hidden]}. The model reads and writes it in place.
     */
    static final class Buffers {

        private final int hidden;
        private int capacity;
        private LongBuffer ids = LongBuffer.allocate(0);
        private LongBuffer mask = LongBuffer.allocate(0);
        private LongBuffer types = LongBuffer.allocate(0);
        private FloatBuffer states = FloatBuffer.allocate(0);

        Buffers(int hidden, int tokens) {
            this.hidden = hidden;
            grow(tokens);
        }

        /** Writes the rows, padded with zeros to the length of the longest. */
        void fill(List<int[]> rows, int length) {
            int tokens = rows.size() * length;
            if (tokens > capacity) {
                grow(tokens);
            }
            ids.clear().limit(tokens);
            mask.clear().limit(tokens);
            types.clear().limit(tokens);
            states.clear().limit(tokens * hidden);
            int at = 0;
            for (int[] row : rows) {
                for (int i = 0; i < length; i++, at++) {
                    boolean real = i < row.length;
                    ids.put(at, real ? row[i] : 0);
                    mask.put(at, real ? 1 : 0);
                }
            }
        }

        private void grow(int tokens) {
            capacity = tokens;
            ids = direct(tokens * Long.BYTES).asLongBuffer();
            mask = direct(tokens * Long.BYTES).asLongBuffer();
            types = direct(tokens * Long.BYTES).asLongBuffer();
            states = direct(Math.multiplyExact(tokens * hidden, Float.BYTES)).asFloatBuffer();
        }

        private static ByteBuffer direct(int bytes) {
            return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }

        LongBuffer ids() {
            return ids;
        }

        LongBuffer mask() {
            return mask;
        }

        /** Always zero: one segment. */
        LongBuffer types() {
            return types;
        }

        FloatBuffer states() {
            return states;
        }
    }
}
