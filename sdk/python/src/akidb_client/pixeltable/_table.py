"""Tables with Pixeltable's face: made, found and asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _catalog as catalog
from ._columns import Columns, check_column_name, type_of_spec
from ._definition import EmbeddingIndex
from ._exprs import Expr
from ._query import Cursor, Query
from ._results import ResultSet
from ._sources import fitting, rows_of, schema_of
from ._types import ColumnType, stored_name
from .exceptions import AlreadyExistsError, NotFoundError, NotSupported, RequestError, translated


class Table(Columns):
    """A table. Columns are its attributes: `t.title`, `t["title"]`."""

    # ---- queries

    def _query(self) -> Query:
        return Query(self)

    def select(self, *items: Any, **named: Any) -> Query:
        return self._query().select(*items, **named)

    def where(self, pred: Any) -> Query:
        return self._query().where(pred)

    def join(self, other: Table, *, on: Any = None, how: str = "inner") -> Query:
        return self._query().join(other, on=on, how=how)

    def order_by(self, *items: Any, asc: bool = True) -> Query:
        return self._query().order_by(*items, asc=asc)

    def group_by(self, *items: Any) -> Query:
        return self._query().group_by(*items)

    def distinct(self) -> Query:
        return self._query().distinct()

    def limit(self, n: int, offset: int | None = None) -> Query:
        return self._query().limit(n, offset)

    def sample(self, n: int | None = None, **options: Any) -> Query:
        return self._query().sample(n, **options)

    def collect(self) -> ResultSet:
        return self._query().collect()

    def cursor(self) -> Cursor:
        return self._query().cursor()

    def show(self, n: int = 20) -> ResultSet:
        return self._query().show(n)

    def head(self, n: int = 10) -> ResultSet:
        return self._query().head(n)

    def tail(self, n: int = 10) -> ResultSet:
        return self._query().tail(n)

    def count(self) -> int:
        return self._query().count()

    # ---- what AkiDB does not have

    def revert(self) -> None:
        raise NotSupported(
            "revert() is not there: AkiDB keeps no older versions of rows; export the table before you change it"
        )

    def history(self, n: int | None = None) -> Any:
        raise NotSupported(
            "history() is not there: AkiDB keeps no older versions of rows; rows have a version and a time"
        )

    def get_versions(self, n: int | None = None) -> Any:
        raise NotSupported("get_versions() is not there: AkiDB keeps no older versions of rows")

    def to_pytorch_dataset(self, image_format: str = "pt") -> Any:
        raise NotSupported(
            "to_pytorch_dataset() is not there: use collect().to_pandas(), or Query.to_arrow() of akidb_client"
        )

    def to_coco_dataset(self) -> Any:
        raise NotSupported("to_coco_dataset() is not there: AkiDB keeps addresses of images, not images")

    def alter_column(self, column: Any, *, type_: Any) -> None:
        raise NotSupported(
            "alter_column() is not there: add a column of the new type, update() it from the old, drop the old"
        )


#: Names that columns cannot have, since they are those of a table itself.
RESERVED = {name for name in dir(Table) if not name.startswith("_")}


def create_table(
    path: str,
    schema: Mapping[str, Any] | None = None,
    *,
    source: Any = None,
    source_format: str | None = None,
    schema_overrides: Mapping[str, Any] | None = None,
    on_error: str = "abort",
    primary_key: str | list[str] | None = None,
    comment: str | None = None,
    custom_metadata: Any = None,
    if_exists: str = "error",
    **ignored: Any,
) -> Table:
    """Makes a table, of a schema or of a source: CSV, JSON, Parquet, a DataFrame, rows, a query.

    Types do not allow missing values unless they say `| None`; those of a source do.
    """
    catalog.check_choice("if_exists", if_exists, catalog.IF_EXISTS)
    path = catalog.path_of(path)
    about = catalog.entry(path)
    if about is not None:
        if if_exists == "error" or about["kind"] == "dir":
            raise AlreadyExistsError(
                f"Path {path!r} is an existing {'directory' if about['kind'] == 'dir' else 'table'}"
            )
        if if_exists == "ignore":
            return Table(path, about)
    catalog.need_parent(path)
    rows: list[Any] = []
    if source is not None:
        rows = list(rows_of(source, source_format))
        schema = {**schema_of(source, rows), **(schema_overrides or {}), **(schema or {})}
    if not schema:
        raise RequestError("`schema` must be a non-empty dictionary")
    columns: dict[str, ColumnType] = {}
    computed: dict[str, Expr] = {}
    for given, spec in schema.items():
        name = check_column_name(given)
        if isinstance(spec, Expr):
            computed[name] = spec
        else:
            columns[name] = type_of_spec(name, spec)
    keys = [primary_key] if isinstance(primary_key, str) else list(primary_key or [])
    for key in keys:
        if key not in columns:
            raise RequestError(f"Primary key column {key!r} not found in table schema")
    only = keys[0] if len(keys) == 1 and columns[keys[0]].kind in ("String", "Int") else None
    if about is not None:
        catalog.drop_table(path, force=True)
    wanted: list[Any] = []
    for name, kind in columns.items():
        wanted.append({"name": stored_name(name), "required": not kind.nullable and kind.kind != "Json", **kind.stored})
    with translated():
        catalog.client().create_table(path, wanted, primary_key=only and stored_name(only))
    if only:
        columns[only] = columns[only].not_none()
    kept = {
        "kind": "table",
        "columns": {name: kind.to_json() for name, kind in columns.items()},
        "comment": comment,
        "custom_metadata": custom_metadata,
    }
    catalog.keep(path, kept)
    table = Table(path, kept)
    for name, part in computed.items():
        table._add_computed(name, part, "error", "abort")
    if rows:
        fitted = [{name: fitting(value, columns.get(name)) for name, value in row.items()} for row in rows]
        table.insert(fitted, on_error=on_error)
    return table


def get_table(path: str, if_not_exists: str = "error") -> Table | None:
    """A table.

    Raises:
        NotFoundError: There is none, and `if_not_exists` is `error`.
        NotSupported: The path names an older version.
    """
    catalog.check_choice("if_not_exists", if_not_exists, catalog.IF_NOT_EXISTS)
    if ":" in str(path):
        raise NotSupported(f"{path}: AkiDB keeps no older versions of tables")
    path = catalog.existing_path(path)
    about = catalog.entry(path)
    if about is None or about["kind"] == "dir":
        if if_not_exists == "ignore":
            return None
        raise NotFoundError(f"Path {path!r} does not exist.")
    return Table(path, about)


__all__ = ["EmbeddingIndex", "Table", "create_table", "get_table"]
