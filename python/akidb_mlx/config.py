"""The settings under `embedding` in embedding_config.yaml, and the environment above them."""

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Mapping, Optional

from .errors import ConfigurationError

POOLINGS = ("mean", "cls", "last")
ENVIRONMENT_PREFIX = "AKIDB_EMBEDDING_"
FILE_VARIABLE = "AKIDB_EMBEDDING_CONFIG"
FILE_NAME = "embedding_config.yaml"


@dataclass(frozen=True)
class EmbeddingConfig:
    """How texts are embedded.

    Attributes:
        model_name: Id of a registered model, or a folder with one.
        pooling: mean, cls or last; None for the model's own.
        normalize: Whether vectors are scaled to length 1.
        max_tokens: Tokens after which texts are cut, at least 1.
        auto_download: Whether models that are not on this machine may be downloaded.
        batch_size: Texts in one call of the model, at least 1.
    """

    model_name: str = "qwen3-0.6b-4bit"
    pooling: Optional[str] = None
    normalize: bool = True
    max_tokens: int = 512
    auto_download: bool = True
    batch_size: int = 32

    def __post_init__(self):
        _require(isinstance(self.model_name, str) and self.model_name, "model_name", "a model's name")
        _require(self.pooling is None or self.pooling in POOLINGS, "pooling", f"one of {', '.join(POOLINGS)}")
        for key in ("normalize", "auto_download"):
            _require(isinstance(getattr(self, key), bool), key, "true or false")
        for key in ("max_tokens", "batch_size"):
            value = getattr(self, key)
            whole = isinstance(value, int) and not isinstance(value, bool)
            _require(whole and value >= 1, key, "a whole number of at least 1")


KEYS = tuple(field.name for field in fields(EmbeddingConfig))


def load_config(
    path: Optional[os.PathLike] = None, environment: Mapping[str, str] = os.environ
) -> EmbeddingConfig:
    """Reads the file (given, named by AKIDB_EMBEDDING_CONFIG, or in the working directory), if there is
    one, and lets the environment override it.

    Raises:
        ConfigurationError: A key is unknown or its value wrong; the message names it.
    """
    values = {}
    file = Path(path or environment.get(FILE_VARIABLE, FILE_NAME))
    if file.is_file():
        values.update(_read_file(file))
    elif path is not None or FILE_VARIABLE in environment:
        raise ConfigurationError(f"The configuration file {file} does not exist")
    for key in KEYS:
        text = environment.get(ENVIRONMENT_PREFIX + key.upper())
        if text is not None:
            values[key] = _from_text(key, text)
    return config_from(values)


def config_from(values: Mapping[str, Any]) -> EmbeddingConfig:
    """Settings from a mapping of the keys; those left out have their defaults."""
    unknown = sorted(set(values) - set(KEYS))
    if unknown:
        raise ConfigurationError(
            f"Unknown key embedding.{unknown[0]}; there are {', '.join(KEYS)}"
        )
    return EmbeddingConfig(**values)


def _read_file(file: Path) -> Mapping[str, Any]:
    try:
        import yaml
    except ImportError:
        raise ConfigurationError(f"Reading {file} needs PyYAML: pip install PyYAML") from None
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as problem:
        raise ConfigurationError(f"{file} is no YAML: {problem}") from problem
    section = content.get("embedding", {}) if isinstance(content, dict) else None
    if not isinstance(section, dict):
        raise ConfigurationError(f"{file} must hold a map under the key embedding")
    return section


def _from_text(key: str, text: str) -> Any:
    if key in ("normalize", "auto_download"):
        lowered = text.strip().lower()
        _require(lowered in ("true", "false"), key, "true or false")
        return lowered == "true"
    if key in ("max_tokens", "batch_size"):
        _require(text.strip().isdecimal(), key, "a whole number of at least 1")
        return int(text)
    return text


def _require(good: Any, key: str, wanted: str) -> None:
    if not good:
        raise ConfigurationError(f"embedding.{key} must be {wanted}")
