/** Runs MLX models in Python within this process: GraalPy with a binding of MLX, and a pool of workers per model. */
@NullMarked
package com.akidb.embedding.mlx;

import org.jspecify.annotations.NullMarked;
