/** Runs MLX models by Python in this process: GraalPy with a binding of MLX, in a pool of workers per model. */
@NullMarked
package com.akidb.embedding.mlx;

import org.jspecify.annotations.NullMarked;
