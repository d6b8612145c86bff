"""Reads a model's configuration and weights, and says what is wrong with them.

Messages name files without their folder: they reach people who have no business with the server's disk.
"""

import json
import os
from pathlib import Path
from typing import Any, Dict

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten

from .errors import DamagedModel, NotEnoughMemory

# Memory beside the weights for one call of the model, at least.
HEADROOM = 128 * 2**20


def read_config(folder: Path) -> Dict[str, Any]:
    """The model's config.json."""
    file = folder / "config.json"
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DamagedModel(f"{file.name} is missing") from None
    except ValueError as problem:
        raise DamagedModel(f"{file.name} is not JSON: {problem}") from problem
    if not isinstance(config, dict):
        raise DamagedModel(f"{file.name} holds no object")
    return config


def read_weights(folder: Path) -> Dict[str, mx.array]:
    """All arrays of model.safetensors, or of the files that an index beside it names; they are read when first used.

    Raises:
        DamagedModel: There is none, one cannot be read, or one of those the index names is missing.
        NotEnoughMemory: They are larger than what is free.
    """
    files = [folder / name for name in sorted(_weight_files(folder))]
    for file in files:
        if not file.is_file():
            raise DamagedModel(f"{file.name} is missing")
    _check_memory(files)
    weights = {}
    for file in files:
        try:
            weights.update(mx.load(str(file)))
        except (RuntimeError, ValueError) as problem:
            raise DamagedModel(f"{file.name} cannot be read: {_without(folder, problem)}") from problem
    return weights


def _without(folder: Path, problem: Exception) -> str:
    """What MLX says of a file, which names its folder."""
    return str(problem).replace(f"{folder}{os.sep}", "")


def _weight_files(folder: Path) -> set:
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return {"model.safetensors"}
    try:
        return set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise DamagedModel(f"{index.name} is no index of weights: {problem}") from problem


def _check_memory(files) -> None:
    needed = sum(file.stat().st_size for file in files) + HEADROOM
    free = free_memory()
    if free is not None and needed > free:
        raise NotEnoughMemory(
            f"The model needs {needed >> 20} MB of memory, and {free >> 20} MB are free"
        )


def free_memory():
    """Bytes that a new model may take, or None where it cannot be known: GraalPy reads nothing from /proc, and there the
    server has looked before."""
    try:
        with open("/proc/meminfo", encoding="ascii") as facts:
            for line in facts:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def fill(model: nn.Module, weights: Dict[str, mx.array], config: Dict[str, Any], folder: Path) -> None:
    """Puts the weights into the model, quantising those layers whose weights are quantised.

    Raises:
        DamagedModel: The weights do not fit the configuration; the message names one of them.
    """
    quantization = config.get("quantization") or config.get("quantization_config")
    if quantization:
        _quantise(model, weights, quantization)
    parameters = tree_flatten(model.parameters())
    wanted = {name: value.shape for name, value in parameters if isinstance(value, mx.array)}
    given = {name: value.shape for name, value in weights.items()}
    for name in sorted(wanted.keys() | given.keys()):
        if name not in given:
            raise DamagedModel(f"The weights lack {name}")
        if name not in wanted:
            raise DamagedModel(f"The weights have {name}, which config.json has no place for")
        if wanted[name] != given[name]:
            raise DamagedModel(
                f"The weights have {name} of shape {given[name]}, and config.json wants {wanted[name]}"
            )
    model.load_weights(list(weights.items()))
    model.eval()
    try:
        mx.eval(model.parameters())
    except RuntimeError as problem:
        raise DamagedModel(f"The weights cannot be read to their end: {_without(folder, problem)}") from problem


def _quantise(model: nn.Module, weights: Dict[str, mx.array], quantization: Dict[str, Any]) -> None:
    def how(path, module):
        if not hasattr(module, "to_quantized") or f"{path}.scales" not in weights:
            return False
        own = quantization.get(path)
        return own if isinstance(own, dict) else True

    nn.quantize(
        model,
        group_size=quantization.get("group_size", 64),
        bits=quantization.get("bits", 4),
        mode=quantization.get("mode", "affine"),
        class_predicate=how,
    )
