"""The real tokenizer of Qwen3, and strings to try it with."""
