"""What can be inserted, as batches of rows: dicts, objects with fields, data frames of pandas and polars, Arrow."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from collections.abc import AsyncIterable, Iterable, Iterator, Mapping
from json.encoder import encode_basestring
from typing import Any

from ._vectors import encoded, looks_like_vector
from ._wire import encode, plain
from .errors import AkiDBError, ApiError, InvalidValueError, PartialInsertError
from .models import InsertResult

#: Most rows that a server takes in one request.
MOST_ROWS = 10_000
#: Bytes after which a batch is closed: well below the 16 MB that a server takes by default.
BATCH_BYTES = 8_000_000
#: Rows of a frame that are written at once, since pandas takes its time for each piece.
WRITTEN_AT_ONCE = 10_000
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


def is_frame(rows: Any) -> bool:
    """Whether `row_batches` writes the JSON of these rows, for which it has to know which columns are embeddings."""
    return type(rows).__module__.split(".")[0] in ("pandas", "polars", "pyarrow") or hasattr(rows, ARROW_STREAM)


def has_vectors(batch: list[Any]) -> bool:
    """Whether the first row has what may be a vector."""
    return type(batch[0]) is not str and any(map(looks_like_vector, row_of(batch[0]).values()))


def with_encoded(batch: list[Any], vectors: frozenset[str]) -> list[Any]:
    """The rows with the vectors of these columns in base64."""
    rows = []
    for place, row in enumerate(batch):
        its = row_of(row)
        there = vectors & its.keys()
        rows.append({**its, **{name: encoded(its[name], f"rows[{place}].{name}") for name in there}})
    return rows


def row_batches(rows: Any, size: int, vectors: frozenset[str] = frozenset()) -> Iterator[list[Any]]:
    """Batches of at most `size` rows, each a dict or an object with fields; of frames, JSON that is written already, with
    the vectors of these columns in base64.

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
        yield from _pandas_batches(rows, size, vectors)
    elif kind == "polars":
        frame = rows.collect() if hasattr(rows, "collect") else rows
        for number, part in enumerate(frame.iter_slices(size)):
            yield _lines(
                part.columns, [_polars_column(column) for column in part.iter_columns()], number * size, vectors
            )
    elif kind == "pyarrow" or hasattr(rows, ARROW_STREAM):
        yield from _arrow_batches(rows, size, vectors)
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


def body_of(batch: list[Any], options: Mapping[str, Any]) -> bytes:
    """The request body of a batch."""
    if type(batch[0]) is str:
        tail = json_text(options)[1:]
        text = f'{{"rows":[{",".join(batch)}]{"," if options else ""}{tail}'
        try:
            return text.encode()
        except UnicodeEncodeError:
            return encode({"rows": list(map(json.loads, batch)), **options})  # says which value it is
    return encode({"rows": [row if type(row) is dict else row_of(row) for row in batch], **options})


def bodies(batch: list[Any], options: Mapping[str, Any]) -> Iterator[tuple[int, bytes]]:
    """Request bodies of a batch, each with its number of rows, so that each is small enough; usually one."""
    body = body_of(batch, options)
    if len(body) <= BATCH_BYTES or len(batch) == 1:
        yield len(batch), body
        return
    half = len(batch) // 2
    yield from bodies(batch[:half], options)
    yield from bodies(batch[half:], options)


def one_batch(rows: Any, vectors: frozenset[str]) -> list[Any]:
    """All rows as one batch.

    Raises:
        ValueError: There are none, or more than a request may have.
    """
    batches = row_batches(rows, MOST_ROWS, vectors)
    batch = next(batches, [])
    if not batch or next(batches, []):
        raise ValueError(f"rows must be 1 to {MOST_ROWS:,} in one request, which is one transaction")
    return batch


def _lines(names: list[str], columns: list[list[Any]], first: int, vectors: frozenset[str]) -> list[Any]:
    """Rows as JSON, written column by column, which takes half the time of dicts.

    Raises:
        InvalidValueError: A value has no form in JSON; `field` names row and column.
    """
    heads = [json_text(name).replace("%", "%%") for name in names]
    line = "{" + ",".join(f"{head}:%s" for head in heads) + "}"
    for place, name in enumerate(names):
        if name in vectors:
            columns[place] = [encoded(value, f"rows[{row}].{name}") for row, value in enumerate(columns[place], first)]
    written = [_written(name, values, first) for name, values in zip(names, columns)]
    return [line % values for values in zip(*written)]


def _written(name: str, values: list[Any], first: int) -> list[str]:
    """The JSON of each value of a column."""
    kinds = set(map(type, values))
    if kinds <= {int}:
        return list(map(str, values))
    if kinds <= {bool}:
        return ["true" if value else "false" for value in values]
    if kinds <= {str}:
        return list(map(encode_basestring, values))
    if kinds <= {float} and all(map(math.isfinite, values)):
        return list(map(repr, values))
    written = []
    for row, value in enumerate(values, first):
        try:
            written.append(json_text(value))
        except (TypeError, ValueError) as problem:
            raise InvalidValueError(f"rows[{row}].{name}: {problem}", f"rows[{row}].{name}") from None
    return written


def _pandas_batches(frame: Any, size: int, vectors: frozenset[str]) -> Iterator[list[Any]]:
    """Missing values of any kind (NaN, NaT, None, NA) are missing; the index is left out."""
    if not hasattr(frame, "columns"):
        raise TypeError(f"rows must be dicts, a data frame or an Arrow table, not a {type(frame).__name__} of pandas")
    names = [str(name) for name in frame.columns]
    step = size * max(1, WRITTEN_AT_ONCE // size)
    for start in range(0, len(frame), step):
        part = frame.iloc[start : start + step]
        lines = _lines(names, [_pandas_column(part.iloc[:, place]) for place in range(len(names))], start, vectors)
        yield from (lines[first : first + size] for first in range(0, len(lines), size))


def _pandas_column(series: Any) -> list[Any]:
    kind = str(series.dtype)
    if kind.startswith("datetime64"):
        zoned = (
            series.dt.tz_localize("UTC") if getattr(series.dtype, "tz", None) is None else series.dt.tz_convert("UTC")
        )
        texts = zoned.dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return [text if isinstance(text, str) else None for text in texts.tolist()]
    values: list[Any] = series.tolist()
    if kind[:3] in ("int", "uin") or kind == "bool":
        return values
    if kind in ("float64", "float32"):
        return [None if value != value else value for value in values]
    missing = series.isna()
    if missing.any():
        # a cell may hold a list, of which pandas does not say whether it is missing
        values = [None if lost is True else value for value, lost in zip(values, missing.tolist())]
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


def _arrow_batches(data: Any, size: int, vectors: frozenset[str]) -> Iterator[list[Any]]:
    import pyarrow
    import pyarrow.compute

    if isinstance(data, pyarrow.RecordBatch):
        reader = iter([data])
    elif isinstance(data, pyarrow.Table):
        reader = iter(data.to_batches(max_chunksize=size))
    else:
        reader = pyarrow.RecordBatchReader.from_stream(data)
    done = 0
    for whole in reader:
        for start in range(0, whole.num_rows, size):
            part = whole.slice(start, size)
            names = part.schema.names
            columns = [_arrow_column(pyarrow, column) for column in part.columns]
            yield _lines(names, columns, done + start, vectors)
        done += whole.num_rows


def _arrow_column(pyarrow: Any, column: Any) -> list[Any]:
    kind = column.type
    if pyarrow.types.is_timestamp(kind):
        instants = column if kind.tz is None else column.cast(pyarrow.timestamp(kind.unit, "UTC"))
        micros = instants.cast(pyarrow.timestamp("us", kind.tz and "UTC"), safe=False)
        return list(pyarrow.compute.strftime(micros, format="%Y-%m-%dT%H:%M:%SZ").to_pylist())
    if column.null_count == 0 and (pyarrow.types.is_integer(kind) or pyarrow.types.is_boolean(kind)):
        return list(column.to_numpy(zero_copy_only=False).tolist())
    if pyarrow.types.is_floating(kind):
        return [None if value != value else value for value in column.to_pylist()]
    if pyarrow.types.is_fixed_size_list(kind) and pyarrow.types.is_floating(kind.value_type) and column.null_count == 0:
        flat = column.flatten()
        if flat.null_count == 0:
            return list(flat.to_numpy(zero_copy_only=False).reshape(len(column), kind.list_size).tolist())
    return list(column.to_pylist())


@dataclasses.dataclass
class Inserting:
    """How far an insert of several requests is.

    Attributes:
        done: Rows that the server has.
        sent: Rows of the request that is on its way.
        result: What the requests so far brought.
    """

    done: int = 0
    sent: int = 0
    result: InsertResult = dataclasses.field(default_factory=InsertResult)

    def stopped_by(self, error: AkiDBError) -> AkiDBError:
        """What the caller is told. Rows in `field` are counted from the first of all, not of a request."""
        if isinstance(error, ApiError) and self.sent:
            error.field = self._from_first(error.field)
        if not self.done:
            return error
        doubt = getattr(error, "in_doubt", False) or error.code == "DEADLINE_EXCEEDED"
        return PartialInsertError(self.done, self.sent if doubt else 0, error)

    def note(self, error: BaseException) -> None:
        """Tells in the trace of an error that is the caller's own how many rows are there."""
        add = getattr(error, "add_note", None)  # from Python 3.11 on
        if self.done and add:
            add(f"{self.done} rows are inserted, whole requests each")

    def _from_first(self, field: str | None) -> str | None:
        if not field or not field.startswith("rows["):
            return field
        number, end, rest = field[5:].partition("]")
        return f"rows[{int(number) + self.done}{end}{rest}" if number.isdigit() else field


def json_text(value: Any) -> str:
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=plain)
