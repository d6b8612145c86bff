package com.akidb.ops;

import com.akidb.embedding.EmbeddingManager.WorkerCounts;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the health routes answer.
 *
 * @param status {@code ok}, or what is the matter: {@code starting}, {@code draining}, {@code unhealthy}
 * @param model registry id of the default model
 * @param dimension length of its vectors
 * @param detail why the server is not healthy
 * @param workers the workers of loaded models whose workers can be lost, by the models' ids
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record HealthReport(
        String status,
        @Nullable String model,
        @Nullable Integer dimension,
        @Nullable String detail,
        @Nullable Map<String, WorkerCounts> workers) {

    static final String OK = "ok";

    static HealthReport alive() {
        return new HealthReport(OK, null, null, null, null);
    }

    @JsonIgnore
    boolean isOk() {
        return status.equals(OK);
    }
}
