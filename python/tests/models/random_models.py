"""Small models with random weights, written as checkpoints are."""

import json
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
from akidb_mlx.architectures import create_encoder
from mlx.utils import tree_flatten, tree_map

QWEN3 = {
    "model_type": "qwen3", "hidden_size": 64, "num_hidden_layers": 2, "intermediate_size": 128,
    "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 64, "rms_norm_eps": 1e-6, "vocab_size": 128,
    "max_position_embeddings": 1024, "rope_theta": 1000000.0, "tie_word_embeddings": True,
}
GEMMA3 = {
    "model_type": "gemma3_text", "hidden_size": 64, "num_hidden_layers": 2, "intermediate_size": 128,
    "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 64, "rms_norm_eps": 1e-6, "vocab_size": 128,
    "max_position_embeddings": 1024, "query_pre_attn_scalar": 64, "sliding_window": 16, "_sliding_window_pattern": 2,
    "use_bidirectional_attention": True,
}
BERT = {
    "model_type": "bert", "hidden_size": 64, "num_hidden_layers": 2, "intermediate_size": 128, "num_attention_heads": 2,
    "vocab_size": 128, "max_position_embeddings": 128, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "hidden_act": "gelu",
}
KINDS = {"qwen3": QWEN3, "gemma3": GEMMA3, "bert": BERT}
TYPES = ("float32", "float16", "bfloat16")
QUANTIZATION = {"group_size": 64, "bits": 4}


def write_model(folder, config, dtype="float32", quantized=False, seed=0):
    """Writes config.json and model.safetensors; Gemma gets two dense layers, as EmbeddingGemma has."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    encoder = create_encoder(config)
    if config["model_type"] == "gemma3_text":
        width = config["hidden_size"]
        encoder.dense = [nn.Linear(width, 2 * width, bias=False), nn.Linear(2 * width, width, bias=False)]
    mx.random.seed(seed)
    kind = getattr(mx, dtype)
    encoder.update(tree_map(lambda value: _random(value.shape).astype(kind), encoder.parameters()))
    config = dict(config)
    if quantized:
        nn.quantize(encoder, **QUANTIZATION)
        config["quantization"] = QUANTIZATION
    weights = {name: value for name, value in tree_flatten(encoder.parameters()) if isinstance(value, mx.array)}
    mx.save_safetensors(str(folder / "model.safetensors"), weights, {"format": "mlx"})
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def _random(shape):
    scale = 0.1 if len(shape) > 1 else 1.0
    return mx.random.normal(shape) * scale


def write_all(folder):
    for kind, config in KINDS.items():
        for dtype in TYPES:
            write_model(Path(folder) / f"{kind}-{dtype}", config, dtype)
            write_model(Path(folder) / f"{kind}-{dtype}-4bit", config, dtype, quantized=True)


def write_named(folder, name):
    """Writes the one model of `write_all` that has this name, such as bert-float32."""
    kind, dtype, *quantized = name.split("-")
    return write_model(folder, KINDS[kind], dtype, quantized=bool(quantized))
