"""Runs every case with the mlx.core on the path, and prints what came out: types, shapes and hashes.

    python -m operators.run [FILE]

Runs under CPython and, by the harness, under GraalPy.
"""

import hashlib
import json
import sys


def told(value, mx):
    """A result as JSON: arrays by their content's hash, floats to the last bit."""
    if isinstance(value, mx.array):
        digest = hashlib.sha256(bytes(value)).hexdigest()[:16]
        return f"{value.dtype} {tuple(value.shape)} {digest}"
    if isinstance(value, dict):
        return {str(key): told(item, mx) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [told(item, mx) for item in value]
    if isinstance(value, float):
        return value.hex()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return repr(value)


def run():
    import mlx.core as mx

    from operators import cases, cases_models, cases_shapes  # noqa: F401

    results = {}
    for name, function in cases.CASES.items():
        try:
            results[name] = told(function(mx), mx)
        except Exception as error:  # A case that fails on one side alone is a difference.
            results[name] = f"failed: {type(error).__name__}: {error}"
    return {"module": mx.__file__, "results": results}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with open(sys.argv[1], "w", encoding="utf-8") as file:
            json.dump(run(), file)
    else:
        json.dump(run(), sys.stdout)
