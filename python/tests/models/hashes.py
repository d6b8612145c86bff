"""Hashes of what models give, for comparing interpreters.

    hashes.py write FOLDER       writes random models of every kind
    hashes.py FOLDER OUT         hashes what they give, to a JSON file

Runs under CPython and, by the harness, under GraalPy, where OUT gets the number of the run.
"""

import hashlib
import json
import sys
from pathlib import Path

import mlx.core as mx
from akidb_mlx.mlx_inference import MLXEmbeddingModel

BATCHES = {
    "one": [[5, 9, 3]],
    "single token": [[7]],
    "mixed": [[1, 2, 3], list(range(40)), [5] * 17, [44]],
}
POOLINGS = {"one": ["last"], "single token": ["mean"], "mixed": ["mean", "cls", "last"]}


def sha(array):
    return hashlib.sha256(bytes(array)).hexdigest()


def padded(rows):
    longest = max(map(len, rows))
    ids = mx.array([row + [0] * (longest - len(row)) for row in rows], mx.int32)
    mask = mx.array([[1] * len(row) + [0] * (longest - len(row)) for row in rows], mx.int32)
    return ids, mask


# MLX's own compiler calls g++ for every new kernel, which takes minutes here; our replay does not.
REPLAYS = hasattr(mx, "_CompiledFunction")


def hashes_of(folder):
    plain, compiled = (MLXEmbeddingModel(folder, compile_forward=how) for how in (False, REPLAYS))
    result = {}
    for name, rows in BATCHES.items():
        result[f"{name} hidden"] = sha(plain.hidden_states(*padded(rows)))
        for pooling in POOLINGS[name]:
            result[f"{name} {pooling}"] = sha(plain.encode(rows, pooling))
            for turn in ("first", "second"):
                result[f"{name} {pooling} compiled {turn}"] = sha(compiled.encode(rows, pooling))
    plain.close()
    compiled.close()
    return result


def main(arguments, run=0):
    if arguments[0] == "write":
        from models.random_models import write_all

        write_all(arguments[1])
        return
    folder, out = arguments[:2]
    result = {path.name: hashes_of(path) for path in sorted(Path(folder).iterdir())}
    with open(f"{out}.{run}", "w", encoding="utf-8") as file:
        json.dump({"module": mx.__file__, "results": result}, file)


if __name__ == "__main__":
    main(sys.argv[1:], globals().get("RUN", 0))
