"""Texts as token ids, put together for one call of the model."""

import array
from typing import List, Sequence, Tuple

# Each length is its own graph, so lengths are rounded up to steps that grow with them: a text is
# padded by an eighth at most, and few shapes are met.
STEPS = ((32, 4), (64, 8), (256, 16))
LONG_STEP = 32


def padded_length(length: int) -> int:
    """The length that a batch whose longest text is `length` tokens is padded to."""
    for limit, step in STEPS:
        if length <= limit:
            return -(-length // step) * step
    return -(-length // LONG_STEP) * LONG_STEP


def pad(rows: Sequence[Sequence[int]], limit: int) -> Tuple[bytes, List[int], int]:
    """Pads rows on the right.

    Args:
        rows: Token ids per text, none empty.
        limit: The length that padding must not pass: the positions that the model has.

    Returns:
        The ids as 32-bit integers row after row, the rows' own lengths, and the padded length.
    """
    lengths = [len(row) for row in rows]
    if not lengths or min(lengths) == 0:
        raise ValueError("A batch needs at least one text, and each at least one token")
    longest = max(lengths)
    width = max(longest, min(padded_length(longest), limit))
    flat = array.array("i")
    for row in rows:
        flat.extend(row)
        flat.extend([0] * (width - len(row)))
    return flat.tobytes(), lengths, width
