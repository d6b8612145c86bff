"""Calls a user's own embedding package from the server: any module that offers
`EmbeddingService(model_name).embed(texts)`.

It stands alone, because the user's package may itself be called `akidb_mlx`.
"""

import array
import importlib
import importlib.util
import inspect
import sys
import types
from typing import List

# What of mlx_lm needs the package transformers.
NEED_TRANSFORMERS = ("load", "generate", "stream_generate", "batch_generate", "convert")


class UserService:
    """The user's service, made and used on one thread."""

    def __init__(self, model_name: str, module: str = "akidb_mlx.embedding_service"):
        offer_mlx_lm_models()
        service = importlib.import_module(module).EmbeddingService
        # Some services take a model, some know theirs.
        takes_model = bool(inspect.signature(service).parameters)
        self._service = service(model_name) if takes_model else service()

    def embed(self, texts: List[str]) -> bytes:
        """One vector per text as 32-bit floats, text after text, all of one length."""
        texts = [str(text) for text in texts]
        return to_bytes(self._service.embed(texts), len(texts))


def offer_mlx_lm_models() -> None:
    """Makes `mlx_lm.models` importable where transformers, which `import mlx_lm` asks for, is not there."""
    if "mlx_lm" in sys.modules or importlib.util.find_spec("transformers") is not None:
        return
    found = importlib.util.find_spec("mlx_lm")
    if found is None:
        return
    package = types.ModuleType("mlx_lm")
    package.__path__ = list(found.submodule_search_locations)
    package.__spec__ = found
    package.__getattr__ = _absent_from_mlx_lm
    sys.modules["mlx_lm"] = package


def _absent_from_mlx_lm(name: str):
    if name in NEED_TRANSFORMERS:
        raise ImportError(f"mlx_lm.{name} needs the package transformers, which is not here; mlx_lm.models.* works without")
    raise AttributeError(f"module 'mlx_lm' has no attribute '{name}'")


def to_bytes(vectors, count: int) -> bytes:
    """Lists, tuples, and arrays of MLX or NumPy as 32-bit floats.

    Raises:
        ValueError: There is not one vector per text, or they differ in length.
    """
    rows = [row.tolist() if hasattr(row, "tolist") else list(row) for row in vectors]
    if len(rows) != count:
        raise ValueError(f"embed gave {len(rows)} vectors for {count} texts")
    lengths = {len(row) for row in rows}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(f"embed gave vectors of lengths {sorted(lengths)}")
    flat = array.array("f")
    for row in rows:
        flat.extend(row)
    return flat.tobytes()
