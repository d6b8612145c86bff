/** Runs ONNX models by ONNX Runtime inside this process. */
@NullMarked
package com.akidb.embedding.onnx;

import org.jspecify.annotations.NullMarked;
