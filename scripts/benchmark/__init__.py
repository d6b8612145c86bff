"""Benchmarks of AkiDB over HTTP, run by scripts/bench."""
