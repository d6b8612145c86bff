"""The kinds of models that can run, by the `model_type` in their config.json.

Each offers `Encoder(config)`, an `mlx.nn.Module` with

    dimension              length of its vectors
    vocabulary             how many tokens it knows, from 0 on
    __call__(ids, lengths) hidden states, texts × positions × width, for right-padded token ids; what
                           stands at a text's own positions does not depend on the padding
    head(pooled)           what the model does to a pooled vector before it is done
    sanitize(weights)      the weights under this module's names
    extra_weights(folder)  further weights that lie beside the main ones
"""

import importlib

from ..errors import UnsupportedModel

MODULES = {"qwen3": "qwen3", "gemma3_text": "gemma3", "bert": "bert"}


def create_encoder(config):
    """An encoder without weights for a configuration.

    Raises:
        UnsupportedModel: It is of another kind; the message lists those that run.
    """
    kind = config.get("model_type")
    if kind not in MODULES:
        raise UnsupportedModel(
            f"Models of type '{kind}' cannot run on MLX here; those of type {', '.join(MODULES)} can"
        )
    module = importlib.import_module(f"{__name__}.{MODULES[kind]}")
    try:
        return module.Encoder(config)
    except (KeyError, TypeError) as problem:
        raise UnsupportedModel(f"config.json of this '{kind}' model lacks a value: {problem}") from problem
