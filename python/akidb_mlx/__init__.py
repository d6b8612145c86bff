"""Text embeddings on MLX.

The same files run in CPython with the official `mlx`, tokenising with `tokenizers`, and inside AkiDB's
server on GraalPy, which hands in token ids; see `host`.
"""
