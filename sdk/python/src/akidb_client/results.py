"""Rows and search results: lists of dicts that become data frames, and tables in notebooks."""

from __future__ import annotations

import html
import io
import json
from binascii import a2b_base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from ._vectors import vector_of
from .errors import ConfigurationError
from .models import ColumnInfo

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

__all__ = ["Explanation", "Hit", "Rows", "SearchResults"]

SHOWN_ROWS = 20
SHOWN_CHARACTERS = 200


class _Records(Sequence[Any]):
    """A list of rows with conversions."""

    def _dicts(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def to_dicts(self) -> list[dict[str, Any]]:
        """Plain dicts, one for each row."""
        return [dict(row) for row in self._dicts()]

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas DataFrame; its columns are those of the first row. Needs the extra `pandas`."""
        pd = module("pandas", "pandas")
        rows = self._dicts()
        frame: pandas.DataFrame = pd.DataFrame(rows, columns=list(rows[0]) if rows else None)
        return frame

    def to_polars(self) -> polars.DataFrame:
        """A polars DataFrame. Needs the extra `polars`."""
        pl = module("polars", "polars")
        frame: polars.DataFrame = pl.DataFrame(self._dicts(), infer_schema_length=None)
        return frame

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table. Needs the extra `arrow`."""
        pa = module("pyarrow", "arrow")
        table: pyarrow.Table = pa.Table.from_pylist(self._dicts())
        return table

    def _repr_html_(self) -> str:
        return html_table(self._dicts())


class Rows(_Records):
    """Rows that a query gave, in its order. A sequence of dicts."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    def _dicts(self) -> list[dict[str, Any]]:
        return self._rows

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    @overload
    def __getitem__(self, index: str) -> list[Any]: ...
    def __getitem__(self, index: int | slice | str) -> Any:
        """A row by number, rows by slice, or all values of a column by its name."""
        if isinstance(index, str):
            return [row[index] for row in self._rows]
        return Rows(self._rows[index]) if isinstance(index, slice) else self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        return self._rows == (other._rows if isinstance(other, Rows) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return text_table(self._rows)


@dataclass(frozen=True)
class Hit:
    """A row that a search found.

    Attributes:
        data: The row.
        score: How similar it is, higher being better; of a hybrid search the joined rank's score. None if not asked for.
        ranks: Places in both lists of a hybrid search, 1 for the best, None if it is not in one.
        similarity: Its similarity, in a hybrid search.
        text_score: Its BM25, in a hybrid search.
        group: The value that rows were grouped by, if they were.
    """

    data: dict[str, Any]
    score: float | None = None
    ranks: Mapping[str, int | None] | None = None
    similarity: float | None = None
    text_score: float | None = None
    group: Any = None

    def __getitem__(self, name: str) -> Any:
        """The row's value in this column."""
        return self.data[name]


class Explanation(dict[str, Any]):
    """How a search went: the plan, what it looked at, and the time of each step. A drawing in notebooks."""

    def _steps(self) -> dict[str, float]:
        """Microseconds of each step, and of all."""
        steps = {
            "embed": self.get("embed_micros"),
            **(self.get("step_micros") or {}),
            "total": self.get("total_micros"),
        }
        return {name: micros for name, micros in steps.items() if micros is not None}

    def __repr__(self) -> str:
        steps = "".join(f"\n  {name:<12}{micros:>9,.0f} µs" for name, micros in self._steps().items())
        head = f"plan {self.get('plan')}: {self.get('reason')}"
        counts = f"{self.get('rows')} rows, {self.get('passing')} pass the filter, {self.get('candidates')} compared"
        return f"{head}\n{counts}{steps}"

    def _repr_html_(self) -> str:
        steps = self._steps()
        longest = max(steps.values(), default=1) or 1
        bars = "".join(
            f"<text x='0' y='{58 + 20 * line}'>{html.escape(name)}</text>"
            f"<rect x='90' y='{47 + 20 * line}' height='13' width='{max(1, 300 * micros / longest):.0f}' fill='#4c78a8'/>"
            f"<text x='{96 + max(1, 300 * micros / longest):.0f}' y='{58 + 20 * line}'>{micros:,.0f} µs</text>"
            for line, (name, micros) in enumerate(steps.items())
        )
        funnel = " → ".join(
            f"{self[name]:,} {label}"
            for name, label in (("rows", "rows"), ("passing", "pass"), ("candidates", "compared"))
            if isinstance(self.get(name), int)
        )
        title = html.escape(f"{self.get('plan')}: {self.get('reason')}")
        return (
            f"<svg xmlns='http://www.w3.org/2000/svg' width='520' height='{60 + 20 * len(steps)}' "
            f"font-family='sans-serif' font-size='12' fill='currentColor'>"
            f"<text x='0' y='14' font-weight='bold'>{title}</text><text x='0' y='34'>{html.escape(funnel)}</text>{bars}</svg>"
        )


class SearchResults(_Records):
    """Rows that a search found, best first. A sequence of `Hit`s.

    Attributes:
        milliseconds: Time that the server took.
        explanation: How it was found, if asked for.
    """

    def __init__(
        self,
        hits: list[Hit],
        query_vector: str | None = None,
        milliseconds: float | None = None,
        explanation: Explanation | None = None,
    ) -> None:
        self._hits = hits
        self._query_vector = query_vector
        self.milliseconds = milliseconds
        self.explanation = explanation

    @property
    def query_vector(self) -> list[float] | None:
        """The vector that was searched with."""
        return None if self._query_vector is None else vector_of(self._query_vector)

    def _dicts(self) -> list[dict[str, Any]]:
        """Rows with their score in the column `similarity_score`."""
        return [hit.data if hit.score is None else {**hit.data, "similarity_score": hit.score} for hit in self._hits]

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> list[Hit]: ...
    @overload
    def __getitem__(self, index: str) -> list[Any]: ...
    def __getitem__(self, index: int | slice | str) -> Any:
        """A hit by number, hits by slice, or all values of a column by its name."""
        if isinstance(index, str):
            return [hit.data[index] for hit in self._hits]
        return self._hits[index]

    def __len__(self) -> int:
        return len(self._hits)

    def __repr__(self) -> str:
        return text_table(self._dicts())


def hit_of(data: dict[str, Any], told: Mapping[str, Any]) -> Hit:
    names = ("score", "ranks", "similarity", "text_score", "group")
    return Hit(data, *(told.get(name) for name in names))


def search_results(answer: Mapping[str, Any]) -> SearchResults:
    hits = [hit_of(hit["data"], hit) for hit in answer["results"]]
    explanation = answer.get("explanation")
    return SearchResults(
        hits,
        answer.get("query_embedding"),
        answer.get("search_time_ms"),
        None if explanation is None else Explanation(explanation),
    )


def html_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """At most 20 rows, long values cut; everything is escaped."""
    if not rows:
        return "<i>no rows</i>"
    names = list(rows[0])
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_short(row.get(name)))}</td>" for name in names) + "</tr>"
        for row in rows[:SHOWN_ROWS]
    )
    more = f"<tr><td colspan='{len(names)}'>… of {len(rows):,} rows</td></tr>" if len(rows) > SHOWN_ROWS else ""
    return f"<table><tr>{head}</tr>{body}{more}</table>"


def text_table(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "no rows"
    names = list(rows[0])
    cells = [names] + [[_short(row.get(name), 40) for name in names] for row in rows[:SHOWN_ROWS]]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells]
    if len(rows) > SHOWN_ROWS:
        lines.append(f"… of {len(rows):,} rows")
    return "\n".join(lines)


def _short(value: Any, length: int = SHOWN_CHARACTERS) -> str:
    if isinstance(value, list) and len(value) > 8 and isinstance(value[0], float):
        return f"[{value[0]:.4g}, {value[1]:.4g}, … {len(value)} numbers]"
    text = (
        "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    )
    text = text.replace("\n", " ")
    return text if len(text) <= length else text[: length - 1] + "…"


def module(name: str, extra: str) -> Any:
    """
    Raises:
        ConfigurationError: It is not installed.
    """
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        package = name.partition(".")[0]
        raise ConfigurationError(f"{package} is not installed; pip install 'akidb-client[{extra}]'") from None


class Frames:
    """Turns a stream of NDJSON into data frames without making Python objects of it, as far as columns have types.

    Attributes:
        columns: The columns of the answer in their order; None where their types are not known beforehand.
        encoded: Names of columns whose vectors come as base64, with their length.
        typed: Whether each has a type of Arrow; json columns have none.
    """

    def __init__(self, columns: Sequence[ColumnInfo] | None, encoded: Mapping[str, int] | None = None) -> None:
        self.columns = columns
        self.encoded = encoded or {}
        self.typed = columns is not None and all(column.type != "json" for column in columns)

    def to_arrow(self, content: bytes) -> pyarrow.Table:
        pa = module("pyarrow", "arrow")
        if not self.typed:
            return self._arrow_of_objects(pa, content)
        columns = self.columns or ()
        schema = pa.schema(
            [
                (column.name, pa.string() if column.name in self.encoded else _arrow_type(pa, column))
                for column in columns
            ]
        )
        if content:
            reading = module("pyarrow.json", "arrow")
            options = reading.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
            # one line must fit into a block
            blocks = reading.ReadOptions(block_size=max(1 << 20, min(len(content), 1 << 26)))
            table = reading.read_json(io.BytesIO(content), read_options=blocks, parse_options=options)
            table = table.select([column.name for column in columns])
        else:
            table = schema.empty_table()
        for place, column in enumerate(columns):
            if column.name in self.encoded:
                vectors = _arrow_vectors(pa, table.column(place), self.encoded[column.name])
                table = table.set_column(place, column.name, vectors)
            elif column.type == "embedding" and column.dimensions:
                kind = pa.list_(pa.float32(), column.dimensions)
                table = table.set_column(place, column.name, table.column(place).cast(kind))
        return table

    def _arrow_of_objects(self, pa: Any, content: bytes) -> pyarrow.Table:
        """Values of json columns become JSON text."""
        if self.columns is None:
            return pa.Table.from_pylist(self._rows(content))
        rows = lines(content)
        arrays = {}
        for column in self.columns:
            values = [row.get(column.name) for row in rows]
            if column.type == "json":
                values = [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]
            if column.name in self.encoded:
                texts = pa.chunked_array([pa.array(values, pa.string())])
                arrays[column.name] = _arrow_vectors(pa, texts, self.encoded[column.name])
            elif column.type == "timestamp":
                arrays[column.name] = pa.array(values, pa.string()).cast(_arrow_type(pa, column))
            else:
                arrays[column.name] = pa.array(values, _arrow_type(pa, column))
        return pa.table(arrays)

    def to_pandas(self, content: bytes) -> pandas.DataFrame:
        pd = module("pandas", "pandas")
        if self.typed:
            typed: pandas.DataFrame = _pandas_of_arrow(self.to_arrow(content))
            return typed
        rows = self._rows(content)
        frame: pandas.DataFrame = pd.DataFrame(
            rows
            if self.columns is None
            else {column.name: _series(pd, column, [row.get(column.name) for row in rows]) for column in self.columns}
        )
        return frame

    def to_polars(self, content: bytes) -> polars.DataFrame:
        pl = module("polars", "polars")
        if self.columns is None:
            return pl.DataFrame(self._rows(content), infer_schema_length=None)
        if not self.typed:
            rows = lines(content)
            for column in self.columns:
                if column.type == "json":
                    for row in rows:
                        value = row.get(column.name)
                        row[column.name] = None if value is None else json.dumps(value, ensure_ascii=False)
            content = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
        read = {
            column.name: pl.String if column.name in self.encoded else _polars_type(pl, column)
            for column in self.columns
        }
        frame = pl.read_ndjson(content, schema=read) if content else pl.DataFrame(schema=read)
        casts = []
        for column in self.columns:
            if column.type == "timestamp":
                casts.append(pl.col(column.name).str.to_datetime(time_unit="us", time_zone="UTC"))
            elif column.name in self.encoded:
                kind = pl.Array(pl.Float32, self.encoded[column.name])
                casts.append(pl.col(column.name).str.decode("base64").bin.reinterpret(dtype=kind, endianness="little"))
            elif column.type == "embedding" and column.dimensions:
                casts.append(pl.col(column.name).cast(pl.Array(pl.Float32, column.dimensions)))
        return frame.with_columns(casts) if casts else frame

    def _rows(self, content: bytes) -> list[dict[str, Any]]:
        """The rows with their vectors as lists of numbers."""
        rows = lines(content)
        for row in rows:
            for name in self.encoded.keys() & row.keys():
                if row[name] is not None:
                    row[name] = vector_of(row[name])
        return rows


def lines(content: bytes) -> list[dict[str, Any]]:
    """The values of NDJSON, read in one go: a line feed never stands inside JSON of one line."""
    rows: list[dict[str, Any]] = json.loads(b"[" + content.strip().replace(b"\n", b",") + b"]")
    return rows


def _arrow_vectors(pa: Any, texts: Any, dimensions: int) -> Any:
    """Vectors of base64, decoded from the column's memory into that of the next."""
    compute = module("pyarrow.compute", "arrow")

    chunks = []
    for chunk in texts.chunks:
        there = chunk.drop_null()
        _, places, characters = there.buffers()
        packed = b""
        if len(there):
            ends = memoryview(places).cast("i")
            raw = memoryview(characters)[ends[there.offset] : ends[there.offset + len(there)]]
            width = len(raw) // len(there)
            # texts without padding are one text
            step = len(raw) if 4 * dimensions % 3 == 0 else width
            packed = b"".join([a2b_base64(raw[start : start + step]) for start in range(0, len(raw), step)])
        numbers = pa.Array.from_buffers(pa.float32(), len(there) * dimensions, [None, pa.py_buffer(packed)])
        vectors = pa.FixedSizeListArray.from_arrays(numbers, dimensions)
        if chunk.null_count:
            valid = chunk.is_valid()
            place = compute.subtract(compute.cumulative_sum(valid.cast(pa.int64())), 1)
            vectors = vectors.take(compute.if_else(valid, place, None))
        chunks.append(vectors)
    return pa.chunked_array(chunks, pa.list_(pa.float32(), dimensions))


def _arrow_type(pa: Any, column: ColumnInfo) -> Any:
    return {
        "string": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "timestamp": pa.timestamp("us", "UTC"),
        "json": pa.string(),
        "embedding": pa.list_(pa.float32()),
    }[column.type]


def _polars_type(pl: Any, column: ColumnInfo) -> Any:
    return {
        "string": pl.String,
        "int": pl.Int64,
        "float": pl.Float64,
        "bool": pl.Boolean,
        "timestamp": pl.String,
        "json": pl.String,
        "embedding": pl.List(pl.Float32),
    }[column.type]


def _series(pd: Any, column: ColumnInfo, values: list[Any]) -> Any:
    """A column of the type that it has where no Python objects are made on the way."""
    if column.type == "timestamp":
        return pd.to_datetime(pd.Series(values, dtype="object"), utc=True, format="ISO8601").dt.as_unit("us")
    if column.type in ("int", "bool"):
        whole, missing = ("int64", "Int64") if column.type == "int" else ("bool", "boolean")
        # not by way of floats, which lose digits
        return pd.Series(pd.array(values, dtype=missing) if None in values else values, dtype=None if values else whole)
    if column.type == "float":
        return pd.Series(values, dtype="float64")
    if column.type == "string":
        return pd.Series(values, dtype=None if values else "str")
    return pd.Series(values, dtype="object")


def _pandas_of_arrow(table: Any) -> Any:
    """With pandas' own types for missing integers and booleans, which would be floats and objects otherwise."""
    missing = {
        name: "Int64" if str(column.type) == "int64" else "boolean"
        for name, column in zip(table.column_names, table.columns)
        if column.null_count and str(column.type) in ("int64", "bool")
    }
    frame = table.to_pandas(integer_object_nulls=bool(missing))
    for name, kind in missing.items():
        frame[name] = frame[name].astype(kind)
    return frame
