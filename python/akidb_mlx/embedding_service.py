"""The facade that servers call."""

import threading
from typing import Any, Dict, List, Optional

from .config import config_from
from .errors import DamagedModel, UnsupportedModel
from .mlx_inference import MLXEmbeddingModel
from .model_loader import MODELS, find_model
from .pooling import normalise

# Loaded models by name, for the interpreter's life.
_MODEL_CACHE: Dict[str, MLXEmbeddingModel] = {}

# Held over look-up and load, so that each name is loaded once however many threads ask.
_MODEL_LOCK = threading.Lock()


class EmbeddingService:
    """Embeds texts with one model.

    Attributes:
        mlx_model: The loaded model, shared by all services of its name.
        model_path: The folder with its files.
    """

    def __init__(
        self,
        model_name: str = "qwen3-0.6b-4bit",
        *,
        pooling: Optional[str] = None,
        normalize: bool = True,
        max_tokens: Optional[int] = None,
        auto_download: bool = True,
        batch_size: int = 32,
    ):
        """Loads the model, unless it is loaded.

        Args:
            model_name: A registered model, or a folder with one.
            pooling: mean, cls or last; the model's own unless said.
            normalize: Whether vectors have length 1.
            max_tokens: Tokens after which texts are cut; the model's own unless said.
            auto_download: Whether a model that is not on this machine may be fetched.
            batch_size: Texts in one call of the model.
        """
        entry = MODELS.get(model_name)
        self.config = config_from(
            {
                "model_name": model_name,
                "pooling": pooling or (entry.pooling if entry else "mean"),
                "normalize": normalize,
                "max_tokens": max_tokens if max_tokens is not None else entry.max_tokens if entry else 512,
                "auto_download": auto_download,
                "batch_size": batch_size,
            }
        )
        self.mlx_model = _load(model_name, auto_download)
        self.model_path = self.mlx_model.model_path

    def embed(
        self, texts: List[str], pooling: Optional[str] = None, normalize: Optional[bool] = None
    ) -> List[List[float]]:
        """One vector per text, in order."""
        vectors = []
        for start in range(0, len(texts), self.config.batch_size):
            batch = list(texts[start : start + self.config.batch_size])
            encoded = self.mlx_model.encode(
                self.mlx_model.token_rows(batch, self.config.max_tokens),
                pooling or self.config.pooling,
            )
            vectors.extend(encoded.tolist())
        if self.config.normalize if normalize is None else normalize:
            return [normalise(vector) for vector in vectors]
        return vectors

    def get_model_info(self) -> Dict[str, Any]:
        """The model's name, the length of its vectors, and where texts are cut."""
        return {
            "model": self.config.model_name,
            "dimension": self.mlx_model.dimension,
            "max_tokens": self.config.max_tokens,
        }

    def health_check(self) -> bool:
        """Runs the model once. True, or the exception that it fails with."""
        self.mlx_model.encode([[0]], self.config.pooling)
        return True


def _load(model_name: str, auto_download: bool) -> MLXEmbeddingModel:
    with _MODEL_LOCK:
        if model_name in _MODEL_CACHE:
            print(f"[EmbeddingService] Using cached model: {model_name}")
            return _MODEL_CACHE[model_name]
        folder = find_model(model_name, auto_download)
        try:
            model = MLXEmbeddingModel(folder)
        except (DamagedModel, UnsupportedModel) as problem:
            raise type(problem)(f"{problem} ({folder})") from problem
        _MODEL_CACHE[model_name] = model
        print(f"[EmbeddingService] Loaded and cached model: {model_name}")
        return model
