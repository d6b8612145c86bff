"""Conditions on rows, written with Python's operators: `(col("quality") >= 8) & col("language").is_in(["Go"])`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

__all__ = ["Condition", "Field", "Where", "col", "where_of"]

#: What a filter may be: a condition, the server's own JSON (docs/FILTERS.md), or text with `?`.
Where: TypeAlias = "Condition | Mapping[str, Any] | Sequence[Any] | str | None"


class Condition:
    """A condition on rows. `&`, `|` and `~` make others of it; Python's `and`, `or`, `not` cannot, and are refused."""

    __slots__ = ("json",)

    def __init__(self, json: Any) -> None:
        self.json = json

    def __and__(self, other: Condition) -> Condition:
        return Condition({"and": [self.json, _json(other)]})

    def __or__(self, other: Condition) -> Condition:
        return Condition({"or": [self.json, _json(other)]})

    def __invert__(self) -> Condition:
        return Condition({"not": self.json})

    def __bool__(self) -> bool:
        raise TypeError("A condition is not true or false by itself; combine conditions with &, | and ~")

    def __repr__(self) -> str:
        return f"Condition({json.dumps(self.json, default=str, ensure_ascii=False)})"


class Field:
    """A column, or a place in a json column such as `facts.area`. Comparisons with it are conditions."""

    __slots__ = ("name",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str) -> None:
        self.name = name

    def _clause(self, operator: str, value: Any) -> Condition:
        return Condition({"column": self.name, "operator": operator, "value": value})

    def __eq__(self, value: object) -> Condition:  # type: ignore[override]
        return self.is_null() if value is None else self._clause("=", value)

    def __ne__(self, value: object) -> Condition:  # type: ignore[override]
        return self.is_not_null() if value is None else self._clause("!=", value)

    def __lt__(self, value: Any) -> Condition:
        return self._clause("<", value)

    def __le__(self, value: Any) -> Condition:
        return self._clause("<=", value)

    def __gt__(self, value: Any) -> Condition:
        return self._clause(">", value)

    def __ge__(self, value: Any) -> Condition:
        return self._clause(">=", value)

    def __getitem__(self, key: str) -> Field:
        """A place in a json column: `col("facts")["area"]`."""
        return Field(self.name + "." + key.replace("\\", "\\\\").replace(".", "\\."))

    def is_in(self, values: Sequence[Any]) -> Condition:
        """The value is one of these; at most 10,000 in a filter."""
        return self._clause("in", list(values))

    def not_in(self, values: Sequence[Any]) -> Condition:
        """There is a value, and it is none of these."""
        return self._clause("not in", list(values))

    def like(self, pattern: str) -> Condition:
        """The string matches as a whole: `%` is any run of characters, `_` one, `\\` takes the next as it is."""
        return self._clause("like", pattern)

    def contains(self, value: Any) -> Condition:
        """The value is an array in JSON, and one of its elements equals this."""
        return self._clause("contains", value)

    def contains_any(self, values: Sequence[Any]) -> Condition:
        """The value is an array in JSON, and one of its elements is one of these."""
        return self._clause("contains any", list(values))

    def contains_all(self, values: Sequence[Any]) -> Condition:
        """The value is an array in JSON, and each of these is one of its elements."""
        return self._clause("contains all", list(values))

    def between(self, low: Any, high: Any) -> Condition:
        """The value is in this range, both ends included."""
        return self._clause(">=", low) & self._clause("<=", high)

    def is_null(self) -> Condition:
        return Condition({"column": self.name, "operator": "is null"})

    def is_not_null(self) -> Condition:
        return Condition({"column": self.name, "operator": "is not null"})

    def __repr__(self) -> str:
        return f"col({self.name!r})"


def col(name: str) -> Field:
    """A column to compare: `col("quality") >= 8`."""
    return Field(name)


def where_of(where: Where, params: Sequence[Any] = (), equal: Mapping[str, Any] | None = None) -> Any:
    """The JSON of a filter; None if it lets all rows pass.

    Raises:
        TypeError: It is none of the forms, or there are params without a text.
    """
    parts = [] if where is None else [_json(where, params)]
    if params and not isinstance(where, str):
        raise TypeError("params belong to a condition that is a text with ?")
    parts += [_json(Field(name) == value) for name, value in (equal or {}).items()]
    parts = [part for part in parts if part not in ([], {"and": []})]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"and": parts}


def rights_of(tables: Mapping[str, Mapping[str, Any]] | None) -> Any:
    """The JSON of what of tables may be seen.

    Raises:
        TypeError: A condition is none; it would let more be seen than was meant.
    """
    if tables is None:
        return None
    return {
        name: {member: _json(value) if member == "where" else value for member, value in part.items()}
        for name, part in tables.items()
    }


def _json(where: Any, params: Sequence[Any] = ()) -> Any:
    if isinstance(where, Condition):
        return where.json
    if isinstance(where, str):
        return {"text": where, "params": list(params)} if params else {"text": where}
    if isinstance(where, Mapping):
        return dict(where)
    if isinstance(where, Sequence):
        return [_json(part) for part in where]
    raise TypeError(
        f"A condition is made by col(...), text with ?, or a list of clauses, not {type(where).__name__}: {where!r:.60}"
    )
