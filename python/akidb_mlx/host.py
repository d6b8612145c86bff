"""What the JVM calls. Numbers cross as bytes: little-endian, row after row."""

import os
from typing import Optional

import mlx.core as mx

from .mlx_inference import MLXEmbeddingModel
from .token_rows import padded_length


class Worker:
    """One model of the host. Threads that enter the same context may share it; `close` comes after all."""

    def __init__(self, model_path: str, compile_forward: Optional[bool] = None):
        self._model = MLXEmbeddingModel(os.fspath(model_path), compile_forward)
        self.dimension = self._model.dimension
        self.max_positions = self._model.max_positions

    def encode(self, ids, lengths, width: int, pooling: str) -> bytes:
        """Pooled vectors, not normalised, for texts given as token ids.

        Args:
            ids: Rows of token ids padded on the right to `width`, 32-bit integers; `padded_length`
                tells a good width.
            lengths: How many tokens of each row are its own, 32-bit integers.
            width: Length of the rows.
            pooling: mean, cls or last.

        Returns:
            32-bit floats, texts × dimension.
        """
        # A view of the JVM's memory must not reach native code, so it is copied here first.
        return bytes(self._model.encode_padded(bytes(ids), bytes(lengths), width, pooling))

    def padded_length(self, length: int) -> int:
        """The width for rows of which the longest has this length."""
        return max(length, min(padded_length(length), self.max_positions))

    def warm_up(self, pooling: str, texts: int = 1, tokens: int = 16) -> None:
        """Runs a shape once, so that the first caller does not pay for it."""
        self._model.encode([[0] * self.padded_length(tokens)] * texts, pooling)

    def close(self) -> None:
        """Frees the weights. The worker cannot be used again."""
        self._model.close()
        mx.clear_cache()


def active_memory() -> int:
    """Bytes of arrays that are alive, in the whole process."""
    return mx.get_active_memory()


def device() -> str:
    """`gpu` or `cpu`."""
    return mx.default_device().type.name
