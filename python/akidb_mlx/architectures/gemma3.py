"""EmbeddingGemma: Gemma 3 whose positions see both ways, with two dense layers after pooling.

The layers are mlx_lm's; the masks differ. A local layer lets a position see those less than half its
window away, on either side.
"""

import json

import mlx.core as mx
import mlx.nn as nn

from ..errors import DamagedModel, UnsupportedModel
from ..mlx_lm_models import import_model


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        if not config.get("use_bidirectional_attention", True):
            raise UnsupportedModel("Gemma 3 runs as an embedding model only, with attention both ways")
        gemma = import_model("gemma3_text")
        known = dict(config)
        if "_sliding_window_pattern" in known:
            known.setdefault("sliding_window_pattern", known["_sliding_window_pattern"])
        arguments = gemma.ModelArgs.from_dict(known)
        self.model = gemma.Gemma3Model(arguments)
        self._dimension = arguments.hidden_size
        self._vocabulary = arguments.vocab_size
        self._pattern = arguments.sliding_window_pattern
        self._reach = arguments.sliding_window // 2 + 1
        # Filled by sanitize, which learns from the weights how many there are and how wide.
        self.dense = []

    @property
    def dimension(self):
        return self._dimension

    @property
    def vocabulary(self):
        return self._vocabulary

    def __call__(self, ids, lengths):
        hidden = self.model.embed_tokens(ids)
        hidden = hidden * mx.array(self._dimension**0.5, mx.bfloat16).astype(hidden.dtype)
        everywhere, nearby = self._masks(ids.shape[1], lengths)
        for number, layer in enumerate(self.model.layers):
            is_global = number % self._pattern == self._pattern - 1
            hidden = layer(hidden, everywhere if is_global else nearby)
        return self.model.norm(hidden)

    def _masks(self, length, lengths):
        positions = mx.arange(length)
        own = (positions[None] < lengths[:, None])[:, None, None, :]
        distance = positions[:, None] - positions[None]
        return own, own & (mx.abs(distance) < self._reach)

    def head(self, pooled):
        for layer in self.dense:
            pooled = layer(pooled.astype(_input_type(layer)))
        return pooled

    def sanitize(self, weights):
        """Names the model's weights alike, and makes the dense layers that the weights are for."""
        named = {}
        for name, value in weights.items():
            if name.startswith("lm_head."):
                continue
            named[name if name.startswith(("model.", "dense.")) else f"model.{name}"] = value
        self._make_dense_layers(named)
        return named

    def _make_dense_layers(self, weights):
        numbers = sorted({int(name.split(".")[1]) for name in weights if name.startswith("dense.")})
        if numbers != list(range(len(numbers))):
            raise DamagedModel(f"The dense layers of the model are numbered {numbers}")
        width = self._dimension
        for number in numbers:
            # A quantised weight is packed along its inputs, so only its rows tell a width.
            rows = weights[f"dense.{number}.weight"].shape[0]
            self.dense = [*self.dense, nn.Linear(width, rows, bias=f"dense.{number}.bias" in weights)]
            width = rows

    def extra_weights(self, folder):
        """The dense layers of an original checkpoint lie in folders that modules.json lists."""
        modules = folder / "modules.json"
        if not modules.is_file():
            return {}
        listed = json.loads(modules.read_text(encoding="utf-8"))
        paths = [item["path"] for item in listed if item.get("type", "").endswith(".Dense")]
        weights = {}
        for number, path in enumerate(paths):
            file = folder / path / "model.safetensors"
            if file.is_file():
                for name, value in mx.load(str(file)).items():
                    weights[f"dense.{number}.{name.removeprefix('linear.')}"] = value
        return weights


def _input_type(layer):
    return layer.scales.dtype if "scales" in layer else layer.weight.dtype
