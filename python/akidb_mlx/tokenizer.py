"""Tokenising in CPython; in the server the JVM does it, with the same tokenizer.json."""

from pathlib import Path
from typing import List

from .errors import DamagedModel, EmbeddingError


class TextTokenizer:
    """A model's tokenizer.json. Special tokens are those that its post-processor adds."""

    def __init__(self, folder: Path):
        try:
            from tokenizers import Tokenizer
        except ImportError:
            raise EmbeddingError(
                "Tokenising in Python needs the package tokenizers: pip install tokenizers"
            ) from None
        file = Path(folder) / "tokenizer.json"
        if not file.is_file():
            raise DamagedModel(f"{file} is missing")
        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_padding()

    def rows(self, texts: List[str], max_length: int) -> List[List[int]]:
        """Token ids per text, not padded, cut at `max_length` tokens, special ones included."""
        self._tokenizer.enable_truncation(max_length)
        encoded = self._tokenizer.encode_batch(texts, add_special_tokens=True)
        # A tokenizer without special tokens makes nothing of an empty text; models need one token.
        return [item.ids or [0] for item in encoded]
