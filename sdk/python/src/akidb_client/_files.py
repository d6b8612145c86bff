"""Rows of files: CSV, NDJSON, Parquet."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ._frames import row_batches
from .errors import InvalidValueError
from .models import ColumnInfo, TableInfo
from .results import module

_SUFFIXES = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".parquet": "parquet", ".pq": "parquet"}


def file_batches(path: Path, format: str | None, table: TableInfo, size: int) -> Iterator[list[Any]]:
    """
    Raises:
        ValueError: The name does not say the format.
        InvalidValueError: A line cannot be read; `field` is its number.
    """
    kind = format or _SUFFIXES.get(path.suffix.lower())
    if kind == "csv":
        rows = _csv_rows(path, {column.name: column for column in table.columns})
    elif kind == "ndjson":
        rows = _ndjson_rows(path)
    elif kind == "parquet":
        file = module("pyarrow.parquet", "arrow").ParquetFile(path)
        for batch in file.iter_batches(batch_size=size):
            yield from row_batches(batch, size)
        return
    else:
        raise ValueError(f"{path.name}: say format='csv', 'ndjson' or 'parquet'")
    while some := list(itertools.islice(rows, size)):
        yield some


def _ndjson_rows(path: Path) -> Iterator[dict[str, Any]]:
    with open(path, encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as problem:
                    raise InvalidValueError(f"{path.name}, line {number}: {problem}", f"line {number}") from None


def _csv_rows(path: Path, columns: dict[str, ColumnInfo]) -> Iterator[dict[str, Any]]:
    with open(path, encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        for record in reader:
            row = {}
            for name, text in record.items():
                if name is None or text is None:
                    raise InvalidValueError(
                        f"{path.name}, line {reader.line_num}: not as many fields as names", f"line {reader.line_num}"
                    )
                try:
                    row[name] = _value(text, columns.get(name))
                except ValueError:
                    kind = columns[name].type
                    raise InvalidValueError(
                        f"{path.name}, line {reader.line_num}: {name} must be of the type {kind}, not {text!r:.60}",
                        f"line {reader.line_num}",
                    ) from None
            yield row


def _value(text: str, column: ColumnInfo | None) -> Any:
    if text == "":
        return None
    kind = column.type if column else "string"
    if kind == "int":
        return int(text)
    if kind == "float":
        return float(text)
    if kind == "bool":
        return {"true": True, "false": False, "1": True, "0": False}.get(text.strip().lower(), text)
    if kind in ("json", "embedding"):
        return json.loads(text)
    return text
