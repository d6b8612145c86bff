"""Rows and types of whatever a table is filled from: rows, queries, DataFrames, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..results import module
from ._definition import Definition
from ._query import Query
from ._results import ResultSet
from ._types import ColumnType, type_of_value
from .exceptions import RequestError


def fitting(value: Any, kind: ColumnType | None) -> Any:
    """Integers that a source read as such, in a column of Float; and the other way round where nothing is lost."""
    if kind and kind.kind == "Float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind and kind.kind == "Int" and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind and kind.kind == "String" and value is not None and not isinstance(value, str):
        return str(value)
    return value


def rows_of(source: Any, source_format: str | None) -> Iterable[dict[str, Any]]:
    """Rows of whatever they come from."""
    if isinstance(source, Definition):
        source = Query(source)
    if isinstance(source, Query):
        return [dict(row) for row in source.collect()]
    if isinstance(source, ResultSet):
        return list(source)
    if type(source).__module__.split(".")[0] == "pandas":
        return _rows_of_frame(source)
    if isinstance(source, (str, Path)):
        return _rows_of_frame(_frame_of(str(source), source_format))
    if isinstance(source, Mapping):
        return [dict(source)]
    if not isinstance(source, Iterable):
        raise RequestError(f"Unsupported data source type: {type(source).__name__}")
    rows = []
    for row in source:
        if hasattr(row, "model_dump"):
            rows.append(row.model_dump())
        elif isinstance(row, Mapping):
            rows.append(dict(row))
        else:
            raise RequestError(f"Unsupported data source type: rows of {type(row).__name__}")
    return rows


def _frame_of(path: str, source_format: str | None) -> Any:
    pandas = module("pandas", "pandas")
    suffix = source_format or Path(path.partition("?")[0]).suffix.lstrip(".").lower()
    readers = {
        "csv": "read_csv",
        "json": "read_json",
        "parquet": "read_parquet",
        "xlsx": "read_excel",
        "xls": "read_excel",
    }
    readers |= {"excel": "read_excel", "pq": "read_parquet"}
    if suffix not in readers:
        raise RequestError(f"{path}: say source_format='csv', 'excel', 'parquet' or 'json'")
    return getattr(pandas, readers[suffix])(path)


def _column_name(name: Any) -> str:
    from ._table import RESERVED

    folded = "".join(letter if letter.isalnum() else "_" for letter in str(name)).lower()
    return f"c_{folded}" if not folded or folded[0].isdigit() or folded in RESERVED else folded


def _rows_of_frame(frame: Any) -> list[dict[str, Any]]:
    from .._frames import _pandas_column

    names = [_column_name(name) for name in frame.columns]
    columns = [_pandas_column(frame.iloc[:, place]) for place in range(len(names))]
    return [dict(zip(names, values)) for values in zip(*columns)]


def schema_of(source: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Types of a source; all allow missing values."""
    if isinstance(source, Query):
        return {name: kind for name, kind in source.schema.items()}
    if isinstance(source, Definition):
        return dict(source._types)
    if not rows:
        raise RequestError("the types of an empty source are not known: say schema=")
    kinds: dict[str, ColumnType] = {}
    times: set[str] = set()
    frame = source if type(source).__module__.split(".")[0] == "pandas" else None
    if frame is not None:
        times = {_column_name(name) for name in frame.columns if str(frame[name].dtype).startswith("datetime64")}
    for row in rows:
        for name, value in row.items():
            if value is None:
                kinds.setdefault(name, ColumnType("String", True))
                continue
            found = ColumnType("Timestamp") if name in times else type_of_value(value)
            known = kinds.get(name)
            if known and {known.kind, found.kind} == {"Int", "Float"}:
                found = ColumnType("Float")
            kinds[name] = found.or_none()
    return dict(kinds)
