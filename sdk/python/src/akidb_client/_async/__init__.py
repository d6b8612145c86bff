"""The client that awaits. `_sync` is written from it by `generate_sync.py`."""
