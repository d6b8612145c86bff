"""What can be inserted, as batches of rows: dicts, objects with fields, data frames of pandas and polars, Arrow."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import AsyncIterable, Iterable, Iterator, Mapping
from typing import Any

from ._wire import encode, plain

#: Most rows that a server takes in one request.
MOST_ROWS = 10_000
#: Bytes after which a batch is closed: well below the 16 MB that a server takes by default.
BATCH_BYTES = 4_000_000
ARROW_STREAM = "__arrow_c_stream__"


def is_async(rows: Any) -> bool:
    return isinstance(rows, AsyncIterable)


def count_of(rows: Any) -> int | None:
    """How many rows there are, if that is known without reading them."""
    if isinstance(rows, Mapping):
        return 1
    for name in ("num_rows", "height"):
        number = getattr(rows, name, None)
        if isinstance(number, int):
            return number
    try:
        return len(rows)
    except TypeError:
        return None


def row_batches(rows: Any, size: int) -> Iterator[list[Any]]:
    """Batches of at most `size` rows, each a dict or an object with fields.

    Raises:
        TypeError: It is nothing that rows can be made of.
    """
    if isinstance(rows, (str, bytes)):
        raise TypeError("rows must be dicts, a data frame or an Arrow table, not a text")
    if isinstance(rows, Mapping) or dataclasses.is_dataclass(rows) or hasattr(rows, "model_dump"):
        yield [rows]
        return
    kind = type(rows).__module__.split(".")[0]
    if kind == "pandas":
        yield from _pandas_batches(rows, size)
    elif kind == "polars":
        frame = rows.collect() if hasattr(rows, "collect") else rows
        yield from (
            _records(part.columns, [_polars_column(c) for c in part.iter_columns()]) for part in frame.iter_slices(size)
        )
    elif kind == "pyarrow" or hasattr(rows, ARROW_STREAM):
        yield from _arrow_batches(rows, size)
    elif isinstance(rows, Iterable):
        iterator = iter(rows)
        while batch := list(itertools.islice(iterator, size)):
            yield batch
    else:
        raise TypeError(f"rows must be dicts, a data frame or an Arrow table, not {type(rows).__name__}")


def row_of(row: Any) -> Mapping[str, Any]:
    """
    Raises:
        TypeError: It has no fields.
    """
    if isinstance(row, Mapping):
        return row
    if isinstance(row, type):
        raise TypeError(f"a row must be a dict or an object with fields, not the class {row.__name__}")
    if dataclasses.is_dataclass(row):
        return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
    if hasattr(row, "model_dump"):
        dumped: Mapping[str, Any] = row.model_dump()
        return dumped
    if hasattr(row, "_asdict"):
        named: Mapping[str, Any] = row._asdict()
        return named
    raise TypeError(f"a row must be a dict or an object with fields, not {type(row).__name__}: {row!r:.60}")


def bodies(batch: list[Any], options: Mapping[str, Any]) -> Iterator[tuple[int, bytes]]:
    """Request bodies of a batch, each with its number of rows, so that each is small enough; usually one."""
    rows = [row if type(row) is dict else row_of(row) for row in batch]
    body = encode({"rows": rows, **options})
    if len(body) <= BATCH_BYTES or len(rows) == 1:
        yield len(rows), body
        return
    half = len(rows) // 2
    yield from bodies(rows[:half], options)
    yield from bodies(rows[half:], options)


def _records(names: list[str], columns: list[list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(names, values)) for values in zip(*columns)]


def _pandas_batches(frame: Any, size: int) -> Iterator[list[Any]]:
    """Missing values of any kind (NaN, NaT, None, NA) are missing; the index is left out."""
    names = [str(name) for name in frame.columns]
    for start in range(0, len(frame), size):
        part = frame.iloc[start : start + size]
        yield _records(names, [_pandas_column(part.iloc[:, place]) for place in range(len(names))])


def _pandas_column(series: Any) -> list[Any]:
    kind = str(series.dtype)
    if kind.startswith("datetime64"):
        zoned = (
            series.dt.tz_localize("UTC") if getattr(series.dtype, "tz", None) is None else series.dt.tz_convert("UTC")
        )
        texts = zoned.dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return [text if isinstance(text, str) else None for text in texts.tolist()]
    if kind in ("int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64", "bool"):
        return list(series.tolist())
    missing = series.isna()
    values = list(series.astype(object).tolist())
    if missing.any():
        gone = missing.tolist()
        # a cell may hold a list, of which pandas does not say whether it is missing
        values = [None if lost is True else value for value, lost in zip(values, gone)]
    return values


def _polars_column(series: Any) -> list[Any]:
    kind = str(series.dtype)
    if kind.startswith("Datetime"):
        if getattr(series.dtype, "time_zone", None):
            series = series.dt.convert_time_zone("UTC")
        return list(series.dt.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_list())
    if kind.startswith("Float"):
        return list(series.fill_nan(None).to_list())
    return list(series.to_list())


def _arrow_batches(data: Any, size: int) -> Iterator[list[Any]]:
    import pyarrow
    import pyarrow.compute

    if isinstance(data, pyarrow.RecordBatch):
        reader = iter([data])
    elif isinstance(data, pyarrow.Table):
        reader = iter(data.to_batches(max_chunksize=size))
    else:
        reader = pyarrow.RecordBatchReader.from_stream(data)
    for whole in reader:
        for start in range(0, whole.num_rows, size):
            part = whole.slice(start, size)
            yield _records(part.schema.names, [_arrow_column(pyarrow, column) for column in part.columns])


def _arrow_column(pyarrow: Any, column: Any) -> list[Any]:

    kind = column.type
    if pyarrow.types.is_timestamp(kind):
        instants = column if kind.tz is None else column.cast(pyarrow.timestamp(kind.unit, "UTC"))
        micros = instants.cast(pyarrow.timestamp("us", kind.tz and "UTC"), safe=False)
        return list(pyarrow.compute.strftime(micros, format="%Y-%m-%dT%H:%M:%SZ").to_pylist())
    if column.null_count == 0 and (pyarrow.types.is_integer(kind) or pyarrow.types.is_boolean(kind)):
        return list(column.to_numpy(zero_copy_only=False).tolist())
    if pyarrow.types.is_floating(kind):
        return [value if value is not None and value == value else None for value in column.to_pylist()]
    if pyarrow.types.is_fixed_size_list(kind) and pyarrow.types.is_floating(kind.value_type) and column.null_count == 0:
        flat = column.flatten()
        if flat.null_count == 0:
            return list(flat.to_numpy(zero_copy_only=False).reshape(len(column), kind.list_size).tolist())
    return list(column.to_pylist())


def first_row_error(field: str | None, before: int) -> str | None:
    """The path of a field, its row counted from the beginning of what was inserted instead of from its request's."""
    if not field or not field.startswith("rows[") or not before:
        return field
    number, end, rest = field[5:].partition("]")
    return f"rows[{int(number) + before}{end}{rest}" if number.isdigit() else field


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=plain)
