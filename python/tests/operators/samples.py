"""Arrays to try operations on: every type, several values, several layouts in memory."""

import random

FLOATS = ["float32", "float16", "bfloat16"]
INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
ALL = FLOATS + INTEGERS + ["bool_"]


def numbers(count, dtype, seed):
    """The same numbers in every process."""
    source = random.Random(f"{seed} {dtype}")
    if dtype == "bool_":
        return [source.random() < 0.5 for _ in range(count)]
    if dtype in INTEGERS:
        low = 0 if dtype.startswith("u") else -50
        return [source.randint(low, 100) for _ in range(count)]
    return [source.uniform(-3, 3) for _ in range(count)]


def sample(mx, shape, dtype="float32", seed=0):
    count = 1
    for length in shape:
        count *= length
    flat = mx.array(numbers(count, dtype, seed), dtype=getattr(mx, dtype))
    return mx.reshape(flat, shape)


def specials(mx, dtype):
    values = [0.0, -0.0, 1.0, -1.0, 0.5, 1e-30, 1e30, float("inf"), float("-inf"), float("nan")]
    return mx.array(values, dtype=getattr(mx, dtype))


def layouts(mx, dtype):
    """The same kind of content, laid out in every way an array can be."""
    base = sample(mx, (4, 6), dtype, "layout")
    return {
        "rows": base,
        "transposed": base.T,
        "sliced": base[1:, ::2],
        "reversed": base[::-1],
        "broadcast": mx.broadcast_to(base[:1], (5, 6)),
        "scalar": base[0, 0],
        "one": base[:1, :1],
        "empty": base[:0],
        "cube": sample(mx, (2, 3, 4), dtype, "cube"),
    }


def without_zeros(mx, array):
    """A divisor: an integer division by zero ends the process, with MLX's own module as with ours."""
    return mx.ones_like(array) if array.dtype == mx.bool_ else mx.where(array == 0, 3, array)
