/** Numbers of embeddings: the metrics, norms, validation of vectors that users send, and the float32 form in which they are stored. The SIMD kernels live here. */
@NullMarked
@ApplicationModule(
        displayName = "vector",
        allowedDependencies = {"error"})
package com.akidb.vector;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
