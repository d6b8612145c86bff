"""Vectors as they travel, base64 of little-endian float32 numbers, and those of texts that were searched with."""

from __future__ import annotations

import math
import sys
import threading
import time
from array import array
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from .errors import InvalidValueError

#: Table, column, what the text is for, text.
Key = tuple[str, str, str, str]
#: The vector in base64, and the fingerprint of the model that made it.
Made = tuple[str, str]


def vector_of(base64: str) -> list[float]:
    """The numbers of a vector."""
    numbers = array("f", b64decode(base64))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tolist()


def base64_of(vector: Iterable[float], field: str = "query") -> str:
    """
    Raises:
        InvalidValueError: A number is not finite, or beyond float32; `field` says where it is.
    """
    numbers = array("f", vector)
    if not math.isfinite(sum(numbers)):  # of finite numbers of 32 bits it always is
        place = next(place for place, number in enumerate(numbers) if not math.isfinite(number))
        raise InvalidValueError(f"{field}[{place}] must be a finite number of 32 bits", f"{field}[{place}]")
    if sys.byteorder == "big":
        numbers.byteswap()
    return b64encode(numbers).decode()


def encoded(value: Any, field: str) -> Any:
    """A cell of an embedding column in base64. What is no vector stays as it is: the server says best what is wrong with it.

    Raises:
        InvalidValueError: A number is not finite, or beyond float32.
    """
    if value is None or isinstance(value, (str, bytes)):
        return value
    try:
        return base64_of(value, field)
    except (TypeError, ValueError, OverflowError) as problem:
        if isinstance(problem, InvalidValueError):
            raise
        return value


def looks_like_vector(value: Any) -> bool:
    """Whether it may be the cell of an embedding column: a list or array that begins with a number."""
    if isinstance(value, (list, tuple)):
        return bool(value) and isinstance(value[0], (int, float))
    return not isinstance(value, str) and hasattr(value, "tolist") and hasattr(value, "__len__")


def parameters_of(params: Iterable[Any]) -> list[Any]:
    """Parameters of SQL with vectors in base64."""
    values = []
    for place, value in enumerate(params):
        text = encoded(value, f"params[{place}]") if looks_like_vector(value) else value
        values.append({"vector": text} if isinstance(text, str) and not isinstance(value, str) else text)
    return values


def read_vectors(rows: list[dict[str, Any]], embeds: dict[str, bool]) -> None:
    """Makes lists of numbers of the base64 in columns that are embeddings."""
    for name in rows[0] if rows else ():
        if embeds.get(name):
            for row in rows:
                if isinstance(row.get(name), str):
                    row[name] = vector_of(row[name])


class EmbeddingColumns:
    """Which columns of tables are embeddings, so that their base64 is told from texts; known for a minute at most."""

    def __init__(self, seconds: float = 60.0) -> None:
        self._seconds = seconds
        self._known: dict[str, tuple[float, dict[str, bool]]] = {}

    def find(self, table: str, rows: list[dict[str, Any]]) -> dict[str, bool] | None:
        """Which names are embedding columns; None if that of these rows' names has to be asked for."""
        since, columns = self._known.get(table, (0.0, {}))
        fresh = time.monotonic() - since < self._seconds
        return columns if fresh and (not rows or rows[0].keys() <= columns.keys()) else None

    def learn(self, table: str, described: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, bool]:
        """What `find` gives from now on."""
        columns = dict.fromkeys(rows[0] if rows else (), False)  # a row also has expressions and scores
        columns.update((column["name"], column["type"] == "embedding") for column in described["columns"])
        self._known[table] = (time.monotonic(), columns)
        return columns

    def forget(self, table: str | None = None) -> None:
        """A table, or all."""
        if table is None:
            self._known.clear()
        else:
            self._known.pop(table, None)


class QueryVectors:
    """Vectors of texts that were searched with, so that the same search asks no model again; the least recently used go
    first. Each is sent with its model's fingerprint, by which the server refuses it once the column has another model.

    Attributes:
        columns: What is known of the tables that are searched.
        hits: Searches that used a vector from here.
        misses: Searches that did not.
    """

    def __init__(self, entries: int = 1000) -> None:
        self._most = entries
        self._kept: OrderedDict[Key, Made] = OrderedDict()
        self._lock = threading.Lock()
        self.columns = EmbeddingColumns()
        self.hits = 0
        self.misses = 0

    def find(self, key: Key) -> Made | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                self.misses += 1
                return None
            self._kept.move_to_end(key)
            self.hits += 1
            return kept

    def keep(self, key: Key, made: Made) -> None:
        with self._lock:
            if self._most:
                self._kept[key] = made
                self._kept.move_to_end(key)
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)

    def drop(self, key: Key) -> None:
        """Forgets a vector that does not serve any more."""
        with self._lock:
            self._kept.pop(key, None)

    def forget(self, table: str | None = None) -> None:
        """All of a table, or all."""
        self.columns.forget(table)
        with self._lock:
            for key in [key for key in self._kept if table is None or key[0] == table]:
                del self._kept[key]

    def __len__(self) -> int:
        return len(self._kept)
