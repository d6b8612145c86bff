"""Vectors of texts that were searched with, so that the same search asks no model again."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

#: Table, column, text.
Key = tuple[str, str, str]


class QueryVectors:
    """The least recently used go first; none is used for longer than `seconds`, since a column's model may change.

    Attributes:
        hits: Searches that used a vector from here.
        misses: Searches that did not.
    """

    def __init__(self, entries: int = 1000, seconds: float = 60.0) -> None:
        self._most = entries
        self._seconds = seconds
        self._kept: OrderedDict[Key, tuple[float, list[float]]] = OrderedDict()
        self._lock = threading.Lock()
        self.hits = 0
        self.misses = 0

    def find(self, key: Key) -> list[float] | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or time.monotonic() - kept[0] > self._seconds:
                self.misses += 1
                return None
            self._kept.move_to_end(key)
            self.hits += 1
            return kept[1]

    def keep(self, key: Key, vector: list[float]) -> None:
        with self._lock:
            if self._most:
                self._kept[key] = (time.monotonic(), vector)
                self._kept.move_to_end(key)
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)

    def forget(self, table: str | None = None) -> None:
        """All of a table, or all."""
        with self._lock:
            for key in [key for key in self._kept if table is None or key[0] == table]:
                del self._kept[key]

    def __len__(self) -> int:
        return len(self._kept)
