"""A loaded model: token ids in, vectors out."""

import array
import sys
from pathlib import Path
from typing import Dict, List, Optional, Sequence

import mlx.core as mx

from . import token_rows
from .architectures import create_encoder
from .pooling import pool
from .weights import fill, read_config, read_weights


class MLXEmbeddingModel:
    """A model in memory.

    Several threads may use it at once: each builds and evaluates its own graphs on the shared weights.

    Attributes:
        model_path: The folder it was read from.
        dimension: Length of its vectors.
        max_positions: Tokens that a text may have at most.
    """

    def __init__(self, model_path, compile_forward: Optional[bool] = None):
        """Reads the weights.

        Args:
            model_path: Folder with config.json and *.safetensors; tokenizer.json for `tokenize`.
            compile_forward: Whether to build the graph of each shape once. Unless said: in GraalPy,
                where building costs more than it does in CPython.
        """
        self.model_path = Path(model_path)
        self.config = read_config(self.model_path)
        self._encoder = create_encoder(self.config)
        weights = read_weights(self.model_path)
        weights.update(self._encoder.extra_weights(self.model_path))
        fill(self._encoder, self._encoder.sanitize(weights), self.config, self.model_path)
        self.dimension = self._encoder.dimension
        self.max_positions = self.config.get("max_position_embeddings", 2**31 - 1)
        self._vocabulary = self._encoder.vocabulary
        if compile_forward is None:
            compile_forward = sys.implementation.name == "graalpy"
        self._run = mx.compile(self._pooled) if compile_forward else self._pooled
        self._tokenizer = None

    def close(self):
        """Lets go of the weights: a compiled function and the model hold each other."""
        self._run = self._encoder = None

    def tokenize(self, texts: List[str], max_length: int = 512) -> Dict[str, mx.array]:
        """Token ids of the texts, cut at `max_length` and padded to the longest.

        Returns:
            `input_ids` and `attention_mask`, both int32 of texts × length.
        """
        rows = self.token_rows(texts, max_length)
        longest = max(map(len, rows))
        return {
            "input_ids": mx.array([row + [0] * (longest - len(row)) for row in rows], mx.int32),
            "attention_mask": mx.array(
                [[1] * len(row) + [0] * (longest - len(row)) for row in rows], mx.int32
            ),
        }

    def token_rows(self, texts: List[str], max_length: int = 512) -> List[List[int]]:
        """Token ids per text, not padded."""
        if self._tokenizer is None:
            from .tokenizer import TextTokenizer

            self._tokenizer = TextTokenizer(self.model_path)
        return self._tokenizer.rows(texts, min(max_length, self.max_positions))

    def hidden_states(self, input_ids: mx.array, attention_mask: mx.array) -> mx.array:
        """What the model's last layer gives for right-padded token ids: texts × length × width."""
        return self._encoder(input_ids, attention_mask.sum(axis=1))

    def encode(self, rows: Sequence[Sequence[int]], pooling: str) -> mx.array:
        """Vectors, not normalised, for texts given as token ids, special tokens included, in one call of the model.

        Returns:
            float32 of texts × dimension, evaluated.
        """
        ids, lengths, width = token_rows.pad(rows, self.max_positions)
        return self.encode_padded(ids, array.array("i", lengths), width, pooling)

    def encode_padded(self, ids: bytes, lengths: bytes, width: int, pooling: str) -> mx.array:
        """The same for rows that are padded on the right already.

        Args:
            ids: 32-bit integers, row after row.
            lengths: The rows' own lengths, 32-bit integers.
            width: Length of the padded rows.
        """
        vectors = self._build(ids, lengths, width, pooling)
        mx.eval(vectors)
        return vectors

    def _build(self, ids, lengths, width, pooling):
        """The vectors before they are evaluated: all that Python has to do for a call."""
        sizes = _integers(lengths)
        own = mx.array(sizes)
        tokens = mx.array(_integers(ids)).reshape(len(sizes), width)
        self._check(tokens, min(sizes), max(sizes))
        return self._run(tokens, own, pooling)

    def _check(self, tokens, shortest, longest):
        """Refuses what MLX would look up beyond a table's end, where it finds foreign memory."""
        width = tokens.shape[1]
        if not 1 <= shortest <= longest <= width:
            raise ValueError(f"Rows of {shortest} to {longest} tokens do not fit a width of {width}")
        if width > self.max_positions:
            raise ValueError(f"{width} tokens are more than the {self.max_positions} that the model has positions for")
        lowest, highest = mx.min(tokens), mx.max(tokens)
        mx.eval(lowest, highest)
        if lowest.item() < 0 or highest.item() >= self._vocabulary:
            wrong = lowest.item() if lowest.item() < 0 else highest.item()
            raise ValueError(f"Token {wrong} is not in the model's vocabulary of {self._vocabulary}")

    def _pooled(self, ids, lengths, pooling):
        hidden = self._encoder(ids, lengths)
        return self._encoder.head(pool(hidden, lengths, pooling)).astype(mx.float32)


def _integers(buffer):
    """A copy of 32-bit integers that lie in a buffer.

    A memoryview would do without the copy, but GraalPy never frees one that native code has read.
    """
    numbers = array.array("i")
    numbers.frombytes(memoryview(buffer).cast("B"))
    return numbers
