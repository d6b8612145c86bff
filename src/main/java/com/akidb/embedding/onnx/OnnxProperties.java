package com.akidb.embedding.onnx;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How ONNX models use the processor. The defaults were found by measurement, see docs/PERFORMANCE-TUNING.md.
 *
 * @param workers number of concurrent calls of a model, one thread each; 0 for one per processor core
 * @param idleThreads number of threads of a call that runs alone; more than 1 answers a single text sooner, and
 *     takes half of the model's memory again
 * @param maxBatchTokens maximum number of tokens in one call, padding included; a longer text is sent on its own
 * @param maxPadding maximum number of tokens by which a text is padded to share a call with a longer one; with 0,
 *     only texts of equal length share a call
 */
@ConfigurationProperties("akidb.onnx")
public record OnnxProperties(
        @DefaultValue("0") int workers,
        @DefaultValue("1") int idleThreads,
        @DefaultValue("128") int maxBatchTokens,
        @DefaultValue("8") int maxPadding) {

    public OnnxProperties {
        if (workers < 0 || workers > 256) {
            throw new IllegalArgumentException("akidb.onnx.workers must be 0 to 256");
        }
        if (idleThreads < 1 || idleThreads > 256) {
            throw new IllegalArgumentException("akidb.onnx.idle-threads must be 1 to 256");
        }
        if (maxBatchTokens < 1 || maxBatchTokens > 65_536) {
            throw new IllegalArgumentException("akidb.onnx.max-batch-tokens must be 1 to 65536");
        }
        if (maxPadding < 0 || maxPadding > 65_536) {
            throw new IllegalArgumentException("akidb.onnx.max-padding must be 0 to 65536");
        }
    }

    int workersOrCores() {
        return workers > 0 ? workers : Runtime.getRuntime().availableProcessors();
    }
}
