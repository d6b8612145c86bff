"""A team's own embedding package, as docs/MIGRATION-FROM-PYTHON.md takes it over. ACME_MODEL names the model's folder."""

import json
import os
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
from mlx_lm.models.qwen3 import ModelArgs, Qwen3Model
from tokenizers import Tokenizer


class EmbeddingService:
    def __init__(self, model_name="acme"):
        folder = Path(os.environ["ACME_MODEL"])
        config = json.loads((folder / "config.json").read_text())
        stored = mx.load(str(folder / "model.safetensors"))
        weights = {name.removeprefix("model."): value for name, value in stored.items()}
        self.model = Qwen3Model(ModelArgs.from_dict(config))
        nn.quantize(
            self.model, **config["quantization"], class_predicate=lambda path, _: f"{path}.scales" in weights
        )
        self.model.load_weights(list(weights.items()))
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(512)

    def embed(self, texts):
        return [self.embed_one(encoding.ids) for encoding in self.tokenizer.encode_batch(texts)]

    def embed_one(self, ids):
        vector = self.model(mx.array([ids]))[0].mean(axis=0)
        return (vector / mx.linalg.norm(vector)).tolist()
