"""Functions that the sample's table is computed with. Pixeltable wants them in a module of their own."""

import functools
import os
import zipfile
from typing import Any

import numpy as np
import onnxruntime
import pixeltable as pxt
import tokenizers

#: The Maven artifact that AkiDB takes the model from, or another archive with the same two files.
ARCHIVE_VARIABLE = "MINILM_JAR"
MAX_TOKENS = 256


@functools.cache
def minilm() -> tuple[Any, Any]:
    archive = zipfile.ZipFile(os.environ[ARCHIVE_VARIABLE])
    tokenizer = tokenizers.Tokenizer.from_str(archive.read("all-minilm-l6-v2-tokenizer.json").decode())
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer, onnxruntime.InferenceSession(archive.read("all-minilm-l6-v2.onnx"))


@pxt.udf
def embed(text: str) -> pxt.Array[(384,), pxt.Float]:  # pyright: ignore
    """Mean of the tokens' states, scaled to length 1."""
    tokenizer, model = minilm()
    ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    states = model.run(None, inputs)[0][0]
    mean = states.mean(axis=0)
    return (mean / np.linalg.norm(mean)).astype(np.float32)


@pxt.udf
def shelf(language: str, quality_score: float) -> str:
    """A function of the user's own that is no embedding: its values are moved, it is not."""
    return f"{language}-{int(quality_score)}"
