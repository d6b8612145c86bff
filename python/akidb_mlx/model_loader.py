"""Finds a model's files on this machine, or brings them from the hub."""

import importlib.util
import os
from pathlib import Path
from typing import Optional

from .errors import EmbeddingError, ModelNotCached
from .registry import MODELS, ModelEntry, find_entry

__all__ = ["MODELS", "ModelEntry", "find_entry", "find_model", "locate"]

# What a model is made of: the rest of a repository, such as other formats' weights, stays there.
WANTED = ["*.json", "*.safetensors", "*.txt", "*.jinja"]


def find_model(model_name: str, auto_download: bool = True) -> Path:
    """The folder with a model's files.

    Args:
        model_name: A registered name, or a folder.
        auto_download: Whether a registered model may be fetched from the hub.

    Raises:
        UnknownModel: Neither a folder nor a registered name.
        ModelNotCached: Not on this machine, and downloading is off.
    """
    folder = Path(model_name)
    if (folder / "config.json").is_file():
        return folder
    entry = find_entry(model_name)
    found = locate(entry)
    if found is not None:
        return found
    if not auto_download:
        raise ModelNotCached(model_name)
    return _download(entry)


def locate(entry: ModelEntry) -> Optional[Path]:
    """The folder on this machine: AkiDB's cache, the Hugging Face cache, or an installed package."""
    for folder in (_own_cache(entry), _hub_snapshot(entry), _packaged(entry)):
        if folder is not None and (folder / "config.json").is_file() and any(folder.glob("*.safetensors")):
            return folder
    return None


def _own_cache(entry: ModelEntry) -> Path:
    """Where the server keeps what it downloaded."""
    root = os.environ.get("AKIDB_CACHE_DIR") or os.path.expanduser("~/.cache/akidb/models")
    return Path(root) / "hub" / entry.repository.replace("/", "--") / "main"


def _hub_root() -> Path:
    home = os.environ.get("HF_HOME") or os.path.expanduser("~/.cache/huggingface")
    return Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub")


def _hub_snapshot(entry: ModelEntry) -> Optional[Path]:
    """The hub's own cache keeps a folder per revision, and which one `main` is."""
    folder = _hub_root() / ("models--" + entry.repository.replace("/", "--"))
    main = folder / "refs" / "main"
    if main.is_file():
        return folder / "snapshots" / main.read_text(encoding="utf-8").strip()
    snapshots = sorted(folder.glob("snapshots/*"), key=lambda path: path.stat().st_mtime)
    return snapshots[-1] if snapshots else None


def _packaged(entry: ModelEntry) -> Optional[Path]:
    found = importlib.util.find_spec(entry.package) if entry.package else None
    if found is None or not found.submodule_search_locations:
        return None
    return Path(list(found.submodule_search_locations)[0]) / "model"


def _download(entry: ModelEntry) -> Path:
    try:
        from huggingface_hub import snapshot_download
    except ImportError:
        raise EmbeddingError(
            f"Model '{entry.name}' is not on this machine, and downloading it needs a package that is not installed:"
            " pip install huggingface_hub"
        ) from None
    try:
        return Path(snapshot_download(entry.repository, allow_patterns=WANTED))
    except Exception as problem:  # The library raises many kinds; the cause is kept.
        raise EmbeddingError(
            f"Model '{entry.name}' could not be downloaded from {entry.repository}: {problem}"
        ) from problem
