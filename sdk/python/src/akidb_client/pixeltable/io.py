"""`pixeltable.io`: tables of files and frames, and files of tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from ..results import module
from ._query import Query
from ._table import Table, create_table
from .exceptions import NotSupported, RequestError

Overrides = Mapping[str, Any]


def import_csv(
    tbl_name: str,
    filepath_or_buffer: Any,
    schema_overrides: Overrides | None = None,
    primary_key: Any = None,
    comment: str | None = None,
    **options: Any,
) -> Table:
    """A table of a CSV; further options are those of `pandas.read_csv`."""
    frame = module("pandas", "pandas").read_csv(filepath_or_buffer, **options)
    return import_pandas(tbl_name, frame, schema_overrides=schema_overrides, primary_key=primary_key, comment=comment)


def import_excel(
    tbl_name: str,
    io: Any,
    *,
    schema_overrides: Overrides | None = None,
    primary_key: Any = None,
    comment: str | None = None,
    **options: Any,
) -> Table:
    """A table of a sheet; further options are those of `pandas.read_excel`."""
    frame = module("pandas", "pandas").read_excel(io, **options)
    return import_pandas(tbl_name, frame, schema_overrides=schema_overrides, primary_key=primary_key, comment=comment)


def import_parquet(
    table: str,
    *,
    parquet_path: Any,
    schema_overrides: Overrides | None = None,
    primary_key: Any = None,
    **options: Any,
) -> Table:
    """A table of a Parquet file, or of a folder of them."""
    frame = module("pandas", "pandas").read_parquet(parquet_path)
    return import_pandas(table, frame, schema_overrides=schema_overrides, primary_key=primary_key)


def import_pandas(
    tbl_name: str,
    df: Any,
    *,
    schema_overrides: Overrides | None = None,
    primary_key: Any = None,
    comment: str | None = None,
) -> Table:
    """A table of a DataFrame."""
    return create_table(
        tbl_name, source=df, schema_overrides=schema_overrides, primary_key=primary_key, comment=comment
    )


def import_json(
    tbl_path: str,
    filepath_or_url: str,
    *,
    schema_overrides: Overrides | None = None,
    primary_key: Any = None,
    comment: str | None = None,
    **options: Any,
) -> Table:
    """A table of a JSON array of objects, in a file or at an address; further options are those of `json.loads`."""
    if "://" in str(filepath_or_url):
        with urlopen(filepath_or_url) as answer:
            text = answer.read().decode()
    else:
        text = Path(filepath_or_url).read_text(encoding="utf-8")
    rows = json.loads(text, **options)
    return import_rows(tbl_path, rows, schema_overrides=schema_overrides, primary_key=primary_key, comment=comment)


def import_rows(
    tbl_path: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    schema_overrides: Overrides | None = None,
    primary_key: Any = None,
    comment: str | None = None,
) -> Table:
    """A table of dicts."""
    return create_table(
        tbl_path, source=list(rows), schema_overrides=schema_overrides, primary_key=primary_key, comment=comment
    )


def export_csv(table_or_query: Any, file_path: Any, *, delimiter: str = ",", quoting: int = 0) -> None:
    """Writes rows to a CSV, with the names of columns first."""
    _frame(table_or_query).to_csv(file_path, sep=delimiter, quoting=quoting, index=False)


def export_json(table_or_query: Any, file_path: Any) -> None:
    """Writes rows as JSON, one a line."""
    rows = _query(table_or_query).collect()
    lines = [json.dumps(dict(row), ensure_ascii=False, default=str) + "\n" for row in rows]
    Path(file_path).write_text("".join(lines), encoding="utf-8")


def export_parquet(table_or_query: Any, parquet_path: Any, **options: Any) -> None:
    """Writes rows to a Parquet file, `rows.parquet` in the folder of this name, which is made."""
    folder = Path(parquet_path)
    folder.mkdir(parents=True)
    _frame(table_or_query).to_parquet(folder / "rows.parquet", index=False)


def _query(what: Any) -> Query:
    if isinstance(what, Table):
        return Query(what)
    if isinstance(what, Query):
        return what
    raise RequestError(f"a table or a query can be exported, not {type(what).__name__}")


def _frame(what: Any) -> Any:
    return _query(what).collect().to_pandas()


def __getattr__(name: str) -> Any:
    if name.startswith(("import_", "export_")):

        def missing(*arguments: Any, **named: Any) -> Any:
            raise NotSupported(
                f"io.{name}() is not there: go by a DataFrame, with import_pandas() and collect().to_pandas()"
            )

        return missing
    raise AttributeError(f"module 'pixeltable.io' has no attribute {name!r}")
