package com.akidb.table;

import com.akidb.embedding.EmbeddingRequest.InputType;

/**
 * A text that was embedded to search by.
 *
 * @param model registry id
 * @param inputType as what it was embedded
 * @param prompt of the model that was put before it; empty for none
 */
public record EmbeddedQuery(float[] vector, String model, InputType inputType, String prompt) {}
