"""Qwen3 as an encoder: the decoder of mlx_lm without its last layer, which predicts words."""

import mlx.nn as nn

from ..mlx_lm_models import import_model


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        qwen3 = import_model("qwen3")
        arguments = qwen3.ModelArgs.from_dict(config)
        self.model = qwen3.Qwen3Model(arguments)
        self._dimension = arguments.hidden_size
        self._vocabulary = arguments.vocab_size

    @property
    def dimension(self):
        return self._dimension

    @property
    def vocabulary(self):
        return self._vocabulary

    def __call__(self, ids, lengths):
        # Causal: no position sees the padding, which is behind it.
        return self.model(ids)

    def head(self, pooled):
        return pooled

    def sanitize(self, weights):
        """Checkpoints have the model with or without the prefix, and sometimes the word predictor."""
        return {
            name if name.startswith("model.") else f"model.{name}": value
            for name, value in weights.items()
            if not name.startswith("lm_head.")
        }

    def extra_weights(self, folder):
        return {}
