"""One vector of a text's hidden states."""

import array
import math
from typing import List, Sequence

import mlx.core as mx

from .errors import ConfigurationError


def pool(hidden: mx.array, lengths: mx.array, pooling: str) -> mx.array:
    """Pools over each text's own positions, in 32-bit floats.

    Args:
        hidden: texts × positions × width.
        lengths: Positions that belong to each text; those behind are padding.
        pooling: `mean` of all, `cls` the first, `last` the last.

    Returns:
        texts × width, float32.
    """
    if pooling == "mean":
        own = (mx.arange(hidden.shape[1])[None] < lengths[:, None])[:, :, None]
        total = mx.where(own, hidden.astype(mx.float32), 0.0).sum(axis=1)
        return total / lengths[:, None].astype(mx.float32)
    if pooling == "cls":
        return hidden[:, 0].astype(mx.float32)
    if pooling == "last":
        last = (lengths - 1)[:, None, None]
        return mx.take_along_axis(hidden, last, axis=1)[:, 0].astype(mx.float32)
    raise ConfigurationError(f"Unknown pooling '{pooling}'; there are mean, cls and last")


def normalise(vector: Sequence[float]) -> List[float]:
    """Scales a vector to length 1; a zero vector stays zero.

    In double precision and in this order, as the server does it, so that both give the same bits.
    """
    total = 0.0
    for value in vector:
        total += value * value
    length = math.sqrt(total)
    if length == 0:
        return list(vector)
    return array.array("f", [value / length for value in vector]).tolist()
