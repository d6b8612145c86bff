"""A model of the shape of Qwen3-Embedding-0.6B in 4 bits, with random weights."""

import sys
from pathlib import Path

from tokens import qwen3_tokenizer

from .random_models import write_model

# As in the model's config.json; the scales of the real weights are bfloat16.
QWEN3_EMBEDDING = {
    "model_type": "qwen3", "hidden_size": 1024, "num_hidden_layers": 28, "intermediate_size": 3072,
    "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "rms_norm_eps": 1e-6, "vocab_size": 151669,
    "max_position_embeddings": 32768, "rope_theta": 1000000.0, "tie_word_embeddings": True,
}


def write(folder, layers=28):
    """Writes configuration, weights and tokenizer."""
    folder = write_model(folder, {**QWEN3_EMBEDDING, "num_hidden_layers": layers}, quantized=True)
    (Path(folder) / "tokenizer.json").write_text(qwen3_tokenizer.for_embedding(), encoding="utf-8")
    return folder


if __name__ == "__main__":
    print(write(sys.argv[1], *map(int, sys.argv[2:])))
