/** Runs ONNX models with ONNX Runtime in this process. */
@NullMarked
package com.akidb.embedding.onnx;

import org.jspecify.annotations.NullMarked;
