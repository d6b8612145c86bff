"""What queries and changes give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..results import html_table, module
from ._types import ColumnType
from .exceptions import RequestError


@dataclass(frozen=True)
class RowCountStats:
    """How many rows were inserted, deleted, changed; how many values could not be computed."""

    ins_rows: int = 0
    del_rows: int = 0
    upd_rows: int = 0
    num_excs: int = 0
    computed_values: int = 0

    @property
    def num_rows(self) -> int:
        return self.ins_rows + self.del_rows + self.upd_rows


@dataclass(frozen=True)
class UpdateStatus:
    """What a change did."""

    updated_cols: list[str] = field(default_factory=list)
    cols_with_excs: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] | None = None
    row_count_stats: RowCountStats = field(default_factory=RowCountStats)
    cascade_row_count_stats: RowCountStats = field(default_factory=RowCountStats)

    @property
    def num_rows(self) -> int:
        return self.row_count_stats.num_rows

    @property
    def num_excs(self) -> int:
        return self.row_count_stats.num_excs

    @property
    def num_computed_values(self) -> int:
        return self.row_count_stats.computed_values


class ResultSet:
    """Rows of a query: `rs[0]` a row as a dict, `rs['column']` all values of a column, `rs[0, 'column']` one of them."""

    def __init__(self, rows: list[list[Any]], schema: dict[str, ColumnType]) -> None:
        self._rows = rows
        self._names = list(schema)
        self._types = schema

    @property
    def schema(self) -> dict[str, str]:
        """Types of the columns, as texts."""
        return {name: repr(kind) for name, kind in self._types.items()}

    def _place(self, name: str) -> int:
        try:
            return self._names.index(name.lower() if name not in self._names else name)
        except ValueError:
            raise RequestError(f"Invalid column name: {name}") from None

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, str):
            place = self._place(index)
            return [row[place] for row in self._rows]
        if isinstance(index, int):
            return dict(zip(self._names, self._rows[index]))
        if isinstance(index, tuple) and len(index) == 2 and isinstance(index[0], int):
            row = self._rows[index[0]]
            return row[self._place(index[1])] if isinstance(index[1], str) else row[index[1]]
        raise RequestError(f"Bad index: {index}")

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (dict(zip(self._names, row)) for row in self._rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ResultSet):
            return False
        frames = self.to_pandas(), other.to_pandas()
        return bool(frames[0].equals(frames[1]))

    __hash__ = None  # type: ignore[assignment]

    def to_pandas(self) -> Any:
        """A DataFrame with a column for each of the result."""
        return module("pandas", "pandas").DataFrame.from_records(self._rows, columns=self._names)

    def to_pydantic(self, model: Any) -> Iterator[Any]:
        """Objects of a pydantic model, one for each row."""
        required = {name for name, about in model.model_fields.items() if about.is_required()}
        missing = required - set(self._names)
        if missing:
            raise RequestError(
                f"Required model fields ({missing}) are missing from result set columns ({', '.join(self._names)})"
            )
        return (model(**row) for row in self)

    def __repr__(self) -> str:
        return repr(self.to_pandas())

    def __str__(self) -> str:
        return str(self.to_pandas().to_string())

    def _repr_html_(self) -> str:
        return html_table(list(self))
