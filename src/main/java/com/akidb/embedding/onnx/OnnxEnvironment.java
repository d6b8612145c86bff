package com.akidb.embedding.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process's ONNX Runtime. Its Java binding destroys the native environment in a shutdown hook of its own, which
 * runs beside the one that drains the server: a text that is still being embedded would then bring the process down.
 * The native environment counts who uses it, so one more use, never given back, keeps it alive to the end.
 */
final class OnnxEnvironment {

    private static final Logger log = LoggerFactory.getLogger(OnnxEnvironment.class);

    /** The logging level WARNING, as the native side counts. */
    private static final int WARNINGS = 2;

    private OnnxEnvironment() {}

    /** The environment, which lives as long as the process. */
    static OrtEnvironment keptAlive() {
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
}
