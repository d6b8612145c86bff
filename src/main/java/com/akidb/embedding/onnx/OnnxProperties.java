package com.akidb.embedding.onnx;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How ONNX models use the processor. The defaults were found by measurement, see docs/PERFORMANCE-TUNING.md.
 *
 * @param workers calls of a model that run at once, one thread each; 0 takes one per processor core
 * @param idleThreads threads that one call gets when no other runs; above 1 it answers a lone text sooner for as much
 *     memory again as the model takes
 * @param maxBatchTokens most tokens in one call, padding included; a single longer text goes alone
 * @param maxPadding most tokens by which a text is padded to share a call with a longer one; 0 lets only texts of equal
 *     length share one
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
