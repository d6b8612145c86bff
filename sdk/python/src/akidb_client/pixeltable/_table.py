"""Tables with Pixeltable's face: types that are checked here, columns computed by functions, embedding indexes."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import errors
from ..models import TableInfo
from ..results import module
from . import _catalog as catalog
from ._exprs import Call, ColumnRef, Expr, KeyRef, Literal, Similarity, expr_of, from_json, function_of
from ._query import METRICS, Cursor, Query
from ._results import ResultSet, RowCountStats, UpdateStatus
from ._types import ColumnType, checked, shown_name, stored_name, type_of, type_of_value
from .exceptions import AlreadyExistsError, ErrorCode, NotFoundError, NotSupported, RequestError, translated
from .functions import Embedder, Function

#: What columns of vectors are called that belong to an index.
HIDDEN = "__idx_"
BATCH = 1000
#: An insert of more rows goes in several requests, each whole or not at all.
ROWS_OF_A_REQUEST = 10_000
#: Changes that are on their way at once, where each row gets values of its own.
WRITERS = 8
_OF_SERVER = {
    "string": "String",
    "int": "Int",
    "float": "Float",
    "bool": "Bool",
    "timestamp": "Timestamp",
    "json": "Json",
}


@dataclass(frozen=True)
class EmbeddingIndex:
    """An embedding index.

    Attributes:
        column: The column that is searched.
        metric: `cosine`, `ip` or `l2`.
        stored_column: AkiDB's column with the vectors.
        dimensions: Their length.
        model: The server's model; None if vectors are made here, or are the column itself.
        function: How the function that makes them is found; None if there is none.
    """

    name: str
    column: str
    metric: str
    stored_column: str
    dimensions: int
    model: str | None = None
    function: Mapping[str, Any] | None = None

    def vector_of(self, text: str) -> Any:
        """The vector of a query.

        Raises:
            RequestError: Nothing embeds texts for this index.
        """
        if self.model:
            return catalog.client().embed(text, model=self.model).vectors[0]
        if self.function is None:
            raise RequestError(f"Embedding index {self.name!r} has no function for texts; search by vector=")
        return function_of(self.function).run([text], {})


class Table:
    """A table. Columns are its attributes: `t.title`, `t["title"]`."""

    def __init__(self, path: str, about: Mapping[str, Any]) -> None:
        self._path = path
        self._name = path.rpartition("/")[2]
        self._id = path
        self._client = catalog.client()
        self._server = self._client.table(path)
        self._read(about)

    def _read(self, about: Mapping[str, Any]) -> None:
        self._about: dict[str, Any] = dict(about)
        with translated():
            info = self._server.describe()
        self._key = info.primary_key
        self._key_name = shown_name(info.primary_key)
        if "columns" not in about:
            self._about = _about_of(info)
        kinds = {name: ColumnType.from_json(kind) for name, kind in self._about["columns"].items()}
        self._types: dict[str, ColumnType] = kinds
        self._indexes = {name: EmbeddingIndex(**index) for name, index in self._about.get("indexes", {}).items()}
        self._computed_cache: dict[str, Expr] | None = None

    def _refresh(self) -> None:
        """Sees what other programs, or other objects of this table, have changed of its columns."""
        about = catalog.entry(self._path)
        if about is not None and "columns" in about and about != self._about:
            self._read(about)

    def _keep(self) -> None:
        catalog.keep(self._path, self._about)
        self._read(self._about)

    @property
    def _quoted(self) -> str:
        return '"' + self._path.replace('"', '""') + '"'

    @property
    def _computed(self) -> dict[str, Expr]:
        """Expressions of columns that are computed here, in the order of their making."""
        if self._computed_cache is None:
            self._computed_cache = {}
            for name, content in self._about.get("computed", {}).items():
                self._computed_cache[name] = from_json(content, self)
        return self._computed_cache

    # ---- columns as attributes

    def _ref(self, name: str) -> ColumnRef:
        if name not in self._types and name.lower() in self._types:
            name = name.lower()
        if name not in self._types:
            self._refresh()
        if name not in self._types:
            raise AttributeError(f"Unknown column: {name}")
        return ColumnRef(self, name, self._types[name])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") and name not in self.__dict__.get("_types", {}):
            raise AttributeError(name)
        return self._ref(name)

    def __getitem__(self, name: str) -> Any:
        return self._ref(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._types]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and other._path == self._path

    def __hash__(self) -> int:
        return hash(self._path)

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

    # ---- what it is

    def columns(self) -> list[str]:
        """Names of the columns."""
        return list(self._types)

    def get_metadata(self) -> dict[str, Any]:
        """Everything about the table, in Pixeltable's words."""
        key = [self._key_name] if self._key_name in self._types else []
        return {
            "name": self._name,
            "path": self._path,
            "kind": "table",
            "is_view": False,
            "is_snapshot": False,
            "is_versioned": False,
            "base": None,
            "version": 0,
            "comment": self._about.get("comment") or "",
            "custom_metadata": self._about.get("custom_metadata"),
            "primary_key": key,
            "columns": {
                name: {
                    "name": name,
                    "type_": repr(kind),
                    "is_stored": True,
                    "is_primary_key": name in key,
                    "is_computed": self._is_computed(name),
                    "computed_with": self._computed_with(name),
                    "comment": "",
                    "custom_metadata": None,
                    "media_validation": None,
                    "is_builtin": False,
                    "defined_in": self._name,
                    "version_added": 0,
                }
                for name, kind in self._types.items()
            },
            "indexes": {
                index.name: {
                    "name": index.name,
                    "columns": [index.column],
                    "index_type": "embedding",
                    "parameters": {
                        "metric": index.metric,
                        "embedding": index.model,
                        "embedding_functions": [index.model],
                    },
                }
                for index in self._indexes.values()
            },
        }

    def _is_computed(self, name: str) -> bool:
        return name in self._about.get("computed", {}) or name in self._about.get("server_computed", {})

    def _computed_with(self, name: str) -> str | None:
        if name in self._about.get("computed", {}):
            return repr(self._computed[name])
        server = self._about.get("server_computed", {}).get(name)
        return f"embeddings({server['source']}, model={server['model']!r})" if server else None

    def describe(self) -> None:
        """Prints what the table is."""
        print(repr(self))

    def __repr__(self) -> str:
        lines = [f"table '{self._path}'", "", f" {'Column Name':<24}{'Type':<32}Computed With"]
        for name, kind in self._types.items():
            lines.append(f" {name:<24}{kind!r:<32}{self._computed_with(name) or ''}".rstrip())
        for index in self._indexes.values():
            lines.append(
                f" index {index.name} on {index.column} ({index.metric}): {index.model or index.function or 'vectors'}"
            )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td>{html.escape(repr(kind))}</td>"
            f"<td>{html.escape(self._computed_with(name) or '')}</td></tr>"
            for name, kind in self._types.items()
        )
        head = "<tr><th>Column Name</th><th>Type</th><th>Computed With</th></tr>"
        return f"<table><caption>table '{html.escape(self._path)}'</caption>{head}{rows}</table>"

    def list_views(self, *, recursive: bool = True) -> list[str]:
        return []

    def get_base_table(self) -> None:
        return None

    # ---- rows in

    def insert(
        self,
        source: Any = None,
        /,
        *,
        source_format: str | None = None,
        schema_overrides: Mapping[str, Any] | None = None,
        on_error: str = "abort",
        print_stats: bool = False,
        return_rows: bool = False,
        **values: Any,
    ) -> UpdateStatus:
        """Inserts rows: a list of dicts or pydantic objects, a DataFrame, a query, a file (CSV, JSON, Parquet), or one row by
        names.

        Raises:
            RequestError: A row does not fit; nothing of it is inserted.
        """
        if on_error not in ("abort", "ignore"):
            raise RequestError("on_error must be one of: ['abort', 'ignore']")
        rows = [values] if source is None else list(_rows_of(source, source_format))
        if not rows:
            raise RequestError("Cannot insert an empty sequence.")
        self._refresh()
        ready = [self._row(row) for row in rows]
        shown: list[dict[str, Any]] = []
        failed: Counter[str] = Counter()
        for row, given in zip(ready, rows):
            failed.update(self._compute(row, list(self._computed), on_error, given))
            shown.append({name: row.get(name) for name in self._types})
        self._embed_here(ready, set(self._types))
        self._write_new(ready)
        stats = RowCountStats(
            ins_rows=len(rows),
            num_excs=failed.total(),
            computed_values=len(rows) * (len(self._computed) + len(self._types)),
        )
        columns = [f"{self._name}.{name}" for name in failed]
        return UpdateStatus(cols_with_excs=columns, rows=shown if return_rows else None, row_count_stats=stats)

    def _write_new(self, rows: list[dict[str, Any]]) -> None:
        keys = [row.get(self._key_name) for row in rows] if self._key_name in self._types else []
        twice = next((key for key, count in Counter(keys).items() if count > 1), None)
        try:
            if twice is None:
                with translated():
                    self._server.insert([_stored(row) for row in rows], batch_rows=ROWS_OF_A_REQUEST)
        except AlreadyExistsError as problem:
            condition = {"column": self._key, "operator": "in", "value": keys[:ROWS_OF_A_REQUEST]}
            there = self._server.where(condition).select(self._key).first()
            twice = there[self._key] if there else str(problem)
        if twice is not None:
            raise RequestError(
                f"Duplicate primary key value: Key ({self._key_name})=({twice}) already exists.",
                code=ErrorCode.CONSTRAINT_VIOLATION,
            )

    def _row(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The row as AkiDB keeps it, without what is computed."""
        row: dict[str, Any] = {}
        for name, value in given.items():
            column = name if name in self._types else str(name).lower()
            if column not in self._types:
                raise NotFoundError(f"Unknown column name {name} in row {dict(given)}")
            if self._is_computed(column):
                raise RequestError(f"Value for computed column {name} in row {dict(given)}")
            row[column] = value
        missing = [
            name
            for name, kind in self._types.items()
            if name not in row and not kind.nullable and not self._is_computed(name)
        ]
        if missing:
            raise RequestError(f"Missing required column(s) ({', '.join(missing)}) in row {dict(given)}")
        for name, value in row.items():
            try:
                row[name] = checked(value, self._types[name])
            except (TypeError, ValueError) as problem:
                raise RequestError(f"Error in column {name}: {problem}\nRow: {dict(given)}") from None
        return row

    def _compute(self, row: dict[str, Any], names: Iterable[str], on_error: str, given: Any) -> list[str]:
        """Computes columns of a row in place; those that failed, if that is allowed."""
        failed: list[str] = []
        if not self._computed:
            return failed
        values = _Values(self, row)
        for name in names:
            try:
                row[name] = checked(self._computed[name]._value(values), self._types[name].or_none())
            except Exception as problem:
                if on_error == "abort":
                    raise RequestError(
                        f"In row {dict(given)} the expression of column {name!r} encountered exception "
                        f"{type(problem).__name__}: {problem}"
                    ) from problem
                row[name] = None
                failed.append(name)
        return failed

    def _embed_here(self, rows: list[dict[str, Any]], changed: set[str]) -> None:
        """Vectors of indexes whose function runs in this program."""
        for index in self._indexes.values():
            if index.function is not None and index.model is None and index.column in changed:
                function = function_of(index.function)
                for row in rows:
                    vector = function.run([row.get(index.column)], {})
                    row[index.stored_column] = None if vector is None else list(map(float, vector))

    # ---- rows changed

    def update(
        self, value_spec: Mapping[str, Any], where: Any = None, cascade: bool = True, return_rows: bool = False
    ) -> UpdateStatus:
        """Changes the rows that a condition lets pass, or all. Values may be expressions over the row as it was."""
        return self._update(value_spec, where, cascade)

    def _update(self, value_spec: Mapping[str, Any], where: Any, cascade: bool) -> UpdateStatus:
        self._refresh()
        spec: dict[str, Expr] = {}
        for name, value in value_spec.items():
            column = name if name in self._types else str(name).lower()
            if column not in self._types:
                raise NotFoundError(f"Unknown column: {name}")
            if self._is_computed(column):
                raise RequestError(f"Column {name!r} is computed and cannot be updated")
            if column == self._key_name:
                raise RequestError(f"Column {name!r} is a primary key column and cannot be updated")
            part = expr_of(value)
            if isinstance(part, Literal):
                try:
                    part = Literal(checked(part._literal, self._types[column]))
                except (TypeError, ValueError):
                    kind = self._types[column]
                    raise RequestError(
                        f"The literal value {value!r} is not compatible with the type `{kind}` of column {name!r}"
                    ) from None
            spec[column] = part
        dependents = self._dependents(set(spec)) if cascade else []
        touched = [f"{self._name}.{name}" for name in [*spec, *dependents]]
        here = any(index.function and not index.model and index.column in spec for index in self._indexes.values())
        condition = self._condition(where)
        if (
            all(isinstance(part, Literal) for part in spec.values())
            and not dependents
            and not here
            and condition is not None
        ):
            values = {name: part._literal for name, part in spec.items() if isinstance(part, Literal)}
            with translated():
                count = self._server.update(_stored(values), condition).updated
            return UpdateStatus(updated_cols=touched, row_count_stats=RowCountStats(upd_rows=count))
        changes = []
        for key, row in self._rows_with_keys(where, [*spec.values(), *(self._computed[name] for name in dependents)]):
            values = {}
            for name, part in spec.items():
                try:
                    values[name] = checked(part._value(row), self._types[name])
                except (TypeError, ValueError) as problem:
                    raise RequestError(f"Error in column {name}: {problem}") from None
            plain = {name: row[f"{self._id}.{name}"] for name in self._types if f"{self._id}.{name}" in row}
            whole = {**plain, **values}
            self._compute(whole, dependents, "abort", whole)
            self._embed_here([whole], set(spec))
            for index in self._indexes.values():
                if index.function and index.column in spec and index.stored_column in whole:
                    values[index.stored_column] = whole[index.stored_column]
            changes.append((key, {**values, **{name: whole[name] for name in dependents}}))
        self._write(changes)
        return UpdateStatus(updated_cols=touched, row_count_stats=RowCountStats(upd_rows=len(changes)))

    def _rows_with_keys(self, where: Any, parts: list[Expr]) -> list[tuple[Any, Any]]:
        """Keys of the rows that pass, with the values that expressions need."""
        key = KeyRef(self, self._key_name, self._types.get(self._key_name, ColumnType("Int")))
        query = Query(self)._copy(_where=where, _selected=[(key, None), *((part, None) for part in parts)])
        return [(row[key._key], row) for row in query._computed()]

    def _write(self, changes: list[tuple[Any, dict[str, Any]]]) -> None:
        """Rows that get the same values are written together."""
        groups: dict[str, tuple[dict[str, Any], list[Any]]] = {}
        for key, values in changes:
            groups.setdefault(repr(values), (values, []))[1].append(key)
        parts = [
            (values, keys[start : start + BATCH])
            for values, keys in groups.values()
            if values
            for start in range(0, len(keys), BATCH)
        ]

        def write(part: tuple[dict[str, Any], list[Any]]) -> None:
            values, keys = part
            self._server.update(_stored(values), {"column": self._key, "operator": "in", "value": keys})

        # the server commits together what comes together
        with translated(), ThreadPoolExecutor(WRITERS) as writers:
            list(writers.map(write, parts))

    def _dependents(self, names: set[str]) -> list[str]:
        """Columns that are computed of these, in the order of computing."""
        found: list[str] = []
        for name, part in self._computed.items():
            if _columns_of(part) & (names | set(found)):
                found.append(name)
        return found

    def _condition(self, where: Any) -> Any:
        """The server's filter; None if there is none."""
        from ._exprs import filter_of

        return [] if where is None else filter_of(where)

    def batch_update(
        self,
        rows: Iterable[Mapping[str, Any]],
        cascade: bool = True,
        if_not_exists: str = "error",
        return_rows: bool = False,
    ) -> UpdateStatus:
        """Changes rows by their primary key.

        Raises:
            NotFoundError: One is not there, and `if_not_exists` is `error`; nothing was changed.
        """
        catalog.check_choice("if_not_exists", if_not_exists, ["error", "ignore", "insert"])
        if self._key_name not in self._types:
            raise RequestError("Table must have primary key for batch update")
        given = [{str(name).lower(): value for name, value in row.items()} for row in rows]
        for row in given:
            if self._key_name not in row:
                raise RequestError(f"Primary key column(s) {self._key_name!r} missing in {row}")
        keys = [row[self._key_name] for row in given]
        with translated():
            there = set()
            for start in range(0, len(keys), BATCH):
                condition = {"column": self._key, "operator": "in", "value": keys[start : start + BATCH]}
                there |= set(self._server.where(condition).select(self._key).collect()[self._key])
        missing = [row for row in given if row[self._key_name] not in there]
        if missing and if_not_exists == "error":
            raise NotFoundError(f"batch_update(): {len(missing)} row(s) not found")
        changed: set[str] = set()
        key = self._ref(self._key_name)
        for row in given:
            if row[self._key_name] in there:
                values = {name: value for name, value in row.items() if name != self._key_name}
                changed |= set(self._update(values, key == row[self._key_name], cascade).updated_cols)
        inserted = 0
        if missing and if_not_exists == "insert":
            inserted = self.insert(missing).row_count_stats.ins_rows
        stats = RowCountStats(upd_rows=len(given) - len(missing), ins_rows=inserted)
        return UpdateStatus(updated_cols=sorted(changed), row_count_stats=stats)

    def delete(self, where: Any = None) -> UpdateStatus:
        """Deletes the rows that a condition lets pass, or all."""
        return self._delete(where)

    def _delete(self, where: Any) -> UpdateStatus:
        condition = self._condition(where)
        with translated():
            if condition is not None:
                count = self._server.delete(condition).deleted
            else:
                keys = [key for key, _ in self._rows_with_keys(where, [])]
                count = 0
                for start in range(0, len(keys), BATCH):
                    part = keys[start : start + BATCH]
                    count += self._server.delete({"column": self._key, "operator": "in", "value": part}).deleted
        return UpdateStatus(row_count_stats=RowCountStats(del_rows=count))

    def recompute_columns(
        self, *columns: Any, where: Any = None, errors_only: bool = False, cascade: bool = True
    ) -> UpdateStatus:
        """Computes columns anew, and those that are computed of them."""
        names = [column._column if isinstance(column, ColumnRef) else column for column in columns]
        for name in names:
            if name not in self._types:
                raise NotFoundError(f"Unknown column: {name}")
            if not self._is_computed(name):
                raise RequestError(f"Column {name!r} is not a computed column")
        here = [name for name in names if name in self._computed]
        for name in set(names) - set(here):
            with translated():
                self._server.computed(stored_name(name)).refresh()
        wanted = [
            name for name in self._computed if name in set(here) | set(self._dependents(set(here)) if cascade else ())
        ]
        changes = []
        for key, row in self._rows_with_keys(where, [self._computed[name] for name in wanted]):
            whole = {name: row[f"{self._id}.{name}"] for name in self._types if f"{self._id}.{name}" in row}
            self._compute(whole, wanted, "abort", whole)
            changes.append((key, {name: whole[name] for name in wanted}))
        self._write(changes)
        touched = [f"{self._name}.{name}" for name in wanted]
        return UpdateStatus(updated_cols=touched, row_count_stats=RowCountStats(upd_rows=len(changes)))

    # ---- columns

    def add_column(self, *, if_exists: str = "error", **column: Any) -> UpdateStatus:
        """Adds a column: `add_column(rating=pxt.Float | None)`."""
        if len(column) != 1:
            raise RequestError("add_column() requires exactly one keyword argument of the form `col_name=col_type`")
        return self.add_columns(column, if_exists)

    def add_columns(self, schema: Mapping[str, Any], if_exists: str = "error") -> UpdateStatus:
        """Adds columns."""
        catalog.check_choice("if_exists", if_exists, catalog.IF_EXISTS)
        self._refresh()
        for name, kind in schema.items():
            column = check_column_name(name)
            if not self._free(column, if_exists):
                continue
            if isinstance(kind, Expr):
                self._add_computed(column, kind, "error", "abort")
                continue
            wanted = _type_of_spec(column, kind)
            if not wanted.nullable and self.count():
                raise RequestError(
                    f"Cannot add non-nullable column {column!r} to table {self._name!r} with existing rows"
                )
            with translated():
                self._server.add_column(stored_name(column), **wanted.stored)
            self._about["columns"][column] = wanted.to_json()
        self._keep()
        return UpdateStatus()

    def _free(self, name: str, if_exists: str) -> bool:
        """Whether a column may be made; one that is there is refused, left, or dropped."""
        if name not in self._types:
            return True
        if if_exists == "error":
            raise AlreadyExistsError(f"Duplicate column name: {name}")
        if if_exists == "ignore":
            return False
        self.drop_column(name)
        return True

    def add_computed_column(
        self, *, if_exists: str = "error", on_error: str = "abort", stored: bool | None = None, **column: Any
    ) -> UpdateStatus:
        """Adds a column that is computed of others: now for the rows that are there, and whenever rows come or change.

        A column of embeddings by a model of the server is computed there; everything else in the program that writes.
        """
        catalog.check_choice("if_exists", if_exists, catalog.IF_EXISTS)
        column = {
            name: value
            for name, value in column.items()
            if name not in ("print_stats", "comment", "custom_metadata", "destination")
        }
        if len(column) != 1:
            raise RequestError(
                "add_computed_column() requires exactly one keyword argument of the form `col_name=expression`"
            )
        (given, value), *_ = column.items()
        return self._add_computed(check_column_name(given), expr_of(value), if_exists, on_error)

    def _add_computed(self, name: str, part: Expr, if_exists: str, on_error: str) -> UpdateStatus:
        self._refresh()
        if not self._free(name, if_exists):
            return UpdateStatus()
        if any(isinstance(inner, Similarity) for inner in part._walk()):
            raise NotSupported("a computed column of similarity() is not there: select it in a query")
        if (
            isinstance(part, Call)
            and isinstance(part._function, Embedder)
            and isinstance(part._arguments[0], ColumnRef)
        ):
            return self._add_embeddings(name, part._arguments[0]._column, part._function)
        kind = part._type.or_none()
        with translated():
            self._server.add_column(stored_name(name), **kind.stored)
        self._about["columns"][name] = kind.to_json()
        self._about.setdefault("computed", {})[name] = part._to_json()
        self._keep()
        changes, failed = [], 0
        for key, row in self._rows_with_keys(None, [part]):
            whole = {column: row[f"{self._id}.{column}"] for column in self._types if f"{self._id}.{column}" in row}
            try:
                failed += len(self._compute(whole, [name], on_error, whole))
            except RequestError:
                self.drop_column(name)
                raise
            changes.append((key, {name: whole[name]}))
        self._write(changes)
        stats = RowCountStats(upd_rows=len(changes), num_excs=failed, computed_values=len(changes))
        return UpdateStatus(cols_with_excs=[f"{self._name}.{name}"] if failed else [], row_count_stats=stats)

    def _add_embeddings(self, name: str, source: str, function: Embedder) -> UpdateStatus:
        with translated():
            column = self._server.add_embedding(stored_name(name), stored_name(source), model=str(function.model))
            column.wait()
        kind = ColumnType("Array", True, (function.dimensions(),), "float32")
        self._about["columns"][name] = kind.to_json()
        self._about.setdefault("server_computed", {})[name] = {"source": source, "model": function.model}
        self._keep()
        count = self.count()
        return UpdateStatus(row_count_stats=RowCountStats(upd_rows=count, computed_values=count))

    def drop_column(self, column: Any, if_not_exists: str = "error") -> None:
        """Drops a column, and its indexes."""
        self._refresh()
        name = column._column if isinstance(column, ColumnRef) else column
        if name not in self._types:
            if if_not_exists == "ignore":
                return
            raise NotFoundError(f"Unknown column: {name}")
        dependents = self._dependents({name})
        dependents += [other for other, how in self._about.get("server_computed", {}).items() if how["source"] == name]
        if dependents:
            raise RequestError(
                f"Cannot drop column {name!r} because the following columns depend on it:\n{', '.join(dependents)}"
            )
        for index in [index for index in self._indexes.values() if index.column == name]:
            self._drop_index(index)
        with translated():
            self._server.drop_column(stored_name(name))
        for part in ("columns", "computed", "server_computed"):
            self._about.get(part, {}).pop(name, None)
        self._keep()

    def rename_column(self, old_name: str, new_name: str) -> None:
        """Gives a column another name."""
        self._refresh()
        if old_name not in self._types:
            raise NotFoundError(f"Unknown column: {old_name}")
        new_name = check_column_name(new_name)
        if new_name in self._types:
            raise AlreadyExistsError(f"Column {new_name!r} already exists")
        with translated():
            self._server.rename_column(stored_name(old_name), stored_name(new_name))
        self._about["columns"] = {
            new_name if name == old_name else name: kind for name, kind in self._about["columns"].items()
        }
        for part in ("computed", "server_computed"):
            kept = self._about.get(part, {})
            self._about[part] = {
                new_name if name == old_name else name: _renamed(content, old_name, new_name)
                for name, content in kept.items()
            }
        for index in self._about.get("indexes", {}).values():
            if index["stored_column"] == stored_name(old_name):
                index["stored_column"] = stored_name(new_name)
            if index["column"] == old_name:
                index["column"] = new_name
        self._keep()

    # ---- indexes

    def add_embedding_index(
        self,
        column: Any,
        *,
        idx_name: str | None = None,
        embedding: Any = None,
        string_embed: Any = None,
        metric: str = "cosine",
        precision: str | None = None,
        if_exists: str = "error",
        image_embed: Any = None,
        **media: Any,
    ) -> None:
        """Adds an index by which a column can be searched with `similarity()`.

        Args:
            column: A column of String, or of vectors (`Array[(n,), Float]`).
            string_embed, embedding: What makes vectors of texts: `sentence_transformer.using(model_id=...)` runs in the server;
                a function of one's own runs in each program that writes or searches.
            metric: `cosine`, `ip` or `l2`.
        """
        catalog.check_choice("if_exists", if_exists, catalog.IF_EXISTS)
        if metric not in METRICS:
            raise RequestError(f"Invalid metric {metric!r}: must be one of {list(METRICS)}")
        self._refresh()
        name = column._column if isinstance(column, ColumnRef) else column
        if name not in self._types:
            raise NotFoundError(f"Unknown column: {name}")
        if (image_embed is not None and string_embed is None and embedding is None) or any(media.values()):
            raise NotSupported(
                "AkiDB embeds texts; embed media in your program and keep the vectors in a column of Array"
            )
        label = idx_name or self._free_index_name()
        if label in self._indexes:
            if if_exists == "error":
                raise AlreadyExistsError(f"Duplicate index name: {label}")
            if if_exists == "ignore":
                return
            self._drop_index(self._indexes[label])
        kind = self._types[name]
        function = string_embed if string_embed is not None else embedding
        if kind.dimensions:
            index = EmbeddingIndex(label, name, metric, stored_name(name), kind.dimensions)
        elif kind.kind != "String":
            raise RequestError(
                f"Embedding index on column {name!r} requires a column of type String or Array, not {kind}"
            )
        elif function is None:
            raise RequestError(
                "'embedding' or 'string_embed' must be specified for an index on a column of type String"
            )
        else:
            index = self._made_index(label, name, metric, function)
        self._about.setdefault("indexes", {})[label] = vars(index)
        self._keep()

    def _made_index(self, label: str, column: str, metric: str, function: Any) -> EmbeddingIndex:
        stored = f"{HIDDEN}{label}"
        if isinstance(function, Embedder):
            with translated():
                self._server.add_embedding(stored, stored_name(column), model=str(function.model)).wait()
            return EmbeddingIndex(label, column, metric, stored, function.dimensions(), function.model)
        if not isinstance(function, Function):
            raise RequestError(f"string_embed must be a function of Pixeltable, not {type(function).__name__}")
        kind = function.type_for((Literal("x"),), {})
        size = kind.dimensions or len(function.run(["length"], {}))
        index = EmbeddingIndex(label, column, metric, stored, size, None, function.reference())
        with translated():
            self._server.add_column(stored, "embedding", dimensions=size)
        changes = []
        for key, row in self._rows_with_keys(None, [self._ref(column)]):
            vector = function.run([row[f"{self._id}.{column}"]], {})
            changes.append((key, {stored: None if vector is None else list(map(float, vector))}))
        self._write(changes)
        return index

    def _free_index_name(self) -> str:
        number = 0
        while f"idx{number}" in self._indexes:
            number += 1
        return f"idx{number}"

    def _index_of(self, column: str, name: str | None) -> EmbeddingIndex:
        """The index of a column that a search uses."""
        if name is not None:
            index = self._indexes.get(name)
            if index is None or index.column != column:
                raise NotFoundError(f"Index {name!r} not found for column {column!r}")
            return index
        found = [index for index in self._indexes.values() if index.column == column]
        if not found:
            raise NotFoundError(f"No embedding index found for column {column!r}")
        if len(found) > 1:
            raise RequestError(f"Column {column!r} has multiple embedding indices; specify `idx_name` instead")
        return found[0]

    def drop_embedding_index(
        self, *, column: Any = None, idx_name: str | None = None, if_not_exists: str = "error"
    ) -> None:
        """Drops an embedding index, by its name or its column."""
        if (column is None) == (idx_name is None):
            raise RequestError("Exactly one of 'column' or 'idx_name' must be provided")
        self._refresh()
        try:
            if idx_name is not None:
                if idx_name not in self._indexes:
                    raise NotFoundError(f"Index {idx_name!r} does not exist")
                index = self._indexes[idx_name]
            else:
                index = self._index_of(column._column if isinstance(column, ColumnRef) else column, None)
        except NotFoundError:
            if if_not_exists == "ignore":
                return
            raise
        self._drop_index(index)
        self._keep()

    drop_index = drop_embedding_index

    def _drop_index(self, index: EmbeddingIndex) -> None:
        if index.stored_column != stored_name(index.column) and index.stored_column not in self._types:
            with translated():
                self._server.drop_column(index.stored_column)
        self._about["indexes"].pop(index.name)
        self._indexes.pop(index.name)

    def add_btree_index(self, column: Any, *, idx_name: str | None = None, if_exists: str = "error") -> None:
        """Adds an index for conditions on a column."""
        name = column._column if isinstance(column, ColumnRef) else column
        if name not in self._types:
            raise NotFoundError(f"Unknown column: {name}")
        try:
            self._server.create_index(stored_name(name))
        except errors.ConflictError as problem:
            if if_exists == "error":
                raise AlreadyExistsError(str(problem)) from problem

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


def _stored(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row by AkiDB's names."""
    return {stored_name(name): value for name, value in row.items()}


class _Values(dict[str, Any]):
    """A row as expressions see it, computed columns as they become known."""

    def __init__(self, table: Table, row: Mapping[str, Any]) -> None:
        super().__init__()
        self._table, self._row = table, row

    def __missing__(self, key: str) -> Any:
        from ._query import _value_of

        name = key.rpartition(".")[2] if key.startswith(self._table._id + ".") else key
        return _value_of(self._row.get(name), self._table._types[name])


def _columns_of(part: Expr) -> set[str]:
    return {inner._column for inner in part._walk() if isinstance(inner, ColumnRef)}


def _renamed(content: Any, old: str, new: str) -> Any:
    """The JSON of an expression with another name of a column."""
    if isinstance(content, dict):
        return {
            key: new if key in ("column", "source") and value == old else _renamed(value, old, new)
            for key, value in content.items()
        }
    return [_renamed(part, old, new) for part in content] if isinstance(content, list) else content


def _about_of(info: TableInfo) -> dict[str, Any]:
    """What Pixeltable would know of a table that was made by AkiDB's own means."""
    columns: dict[str, str] = {}
    indexes: dict[str, Any] = {}
    for column in info.columns:
        if column.name == "row_id":
            continue
        if column.type == "embedding":
            size = int(column.dimensions or 0)
            if column.computed:
                source, model = column.computed["source"], column.computed["model"]
                index = EmbeddingIndex(column.name, source, _metric(column.metric), column.name, size, model)
                indexes[column.name] = vars(index)
                continue
            columns[shown_name(column.name)] = ColumnType("Array", not column.required, (size,), "float32").to_json()
            indexes[f"{column.name}_idx"] = vars(
                EmbeddingIndex(f"{column.name}_idx", column.name, _metric(column.metric), column.name, size)
            )
            continue
        columns[shown_name(column.name)] = ColumnType(_OF_SERVER[column.type], not column.required).to_json()
    return {"kind": "table", "columns": columns, "indexes": indexes}


def _metric(metric: str | None) -> str:
    return {ours: theirs for theirs, ours in METRICS.items()}.get(metric or "cosine", "cosine")


def check_column_name(name: Any) -> str:
    """
    Raises:
        RequestError: A column cannot have this name.
    """
    if not isinstance(name, str) or not catalog._NAME.fullmatch(name):
        raise RequestError(f"Invalid column name: {name}")
    if name in RESERVED:
        raise RequestError(f"'{name}' is a reserved name in Pixeltable; please choose a different column name.")
    return name.lower()


RESERVED = {name for name in dir(Table) if not name.startswith("_")}


def _type_of_spec(name: str, spec: Any) -> ColumnType:
    if isinstance(spec, Mapping) and "type" in spec:
        spec = spec["type"]
    try:
        return type_of(spec)
    except NotSupported:
        raise
    except RequestError:
        raise RequestError(f"Invalid spec for column {name!r}: {spec!r}") from None


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
        rows = list(_rows_of(source, source_format))
        schema = {**_schema_of(source, rows), **(schema_overrides or {}), **(schema or {})}
    if not schema:
        raise RequestError("`schema` must be a non-empty dictionary")
    columns: dict[str, ColumnType] = {}
    computed: dict[str, Expr] = {}
    for given, spec in schema.items():
        name = check_column_name(given)
        if isinstance(spec, Expr):
            computed[name] = spec
        else:
            columns[name] = _type_of_spec(name, spec)
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
        fitting = [{name: _fitting(value, columns.get(name)) for name, value in row.items()} for row in rows]
        table.insert(fitting, on_error=on_error)
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


def _fitting(value: Any, kind: ColumnType | None) -> Any:
    """Integers that a source read as such, in a column of Float; and the other way round where nothing is lost."""
    if kind and kind.kind == "Float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind and kind.kind == "Int" and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind and kind.kind == "String" and value is not None and not isinstance(value, str):
        return str(value)
    return value


def _rows_of(source: Any, source_format: str | None) -> Iterable[dict[str, Any]]:
    """Rows of whatever they come from."""
    if isinstance(source, (Query, Table)):
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
    folded = "".join(letter if letter.isalnum() else "_" for letter in str(name)).lower()
    return f"c_{folded}" if not folded or folded[0].isdigit() or folded in RESERVED else folded


def _rows_of_frame(frame: Any) -> list[dict[str, Any]]:
    from .._frames import _pandas_column

    names = [_column_name(name) for name in frame.columns]
    columns = [_pandas_column(frame.iloc[:, place]) for place in range(len(names))]
    return [dict(zip(names, values)) for values in zip(*columns)]


def _schema_of(source: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Types of a source; all allow missing values."""
    if isinstance(source, Query):
        return {name: kind for name, kind in source.schema.items()}
    if isinstance(source, Table):
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
