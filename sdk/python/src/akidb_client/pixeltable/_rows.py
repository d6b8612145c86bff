"""Rows of a table: new ones, changed ones, and the values that are computed of them here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .. import errors
from . import _catalog as catalog
from ._definition import Definition
from ._exprs import ColumnRef, Expr, KeyRef, Literal, expr_of, filter_of, function_of
from ._query import Query, value_of
from ._results import RowCountStats, UpdateStatus
from ._sources import rows_of
from ._types import ColumnType, checked, stored_name
from .exceptions import AlreadyExistsError, ErrorCode, NotFoundError, RequestError, translated

BATCH = 1000
#: A write of more rows goes in several requests, each whole or not at all.
ROWS_OF_A_REQUEST = 10_000


class RowWrites(Definition):
    """A table whose rows are written."""

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
        rows = [values] if source is None else list(rows_of(source, source_format))
        if not rows:
            raise RequestError("Cannot insert an empty sequence.")
        self._refresh()
        ready, failed = self._new_rows(rows, on_error)
        shown = [{name: row.get(name) for name in self._types} for row in ready]
        self._write_new(ready)
        stats = RowCountStats(
            ins_rows=len(rows),
            num_excs=failed.total(),
            computed_values=len(rows) * (len(self._computed) + len(self._types)),
        )
        columns = [f"{self._name}.{name}" for name in failed]
        return UpdateStatus(cols_with_excs=columns, rows=shown if return_rows else None, row_count_stats=stats)

    def _new_rows(self, rows: Sequence[Mapping[str, Any]], on_error: str) -> tuple[list[dict[str, Any]], Counter[str]]:
        """Rows as they are written, with all that is computed of them here, and how often each column failed."""
        ready = [self._row(row) for row in rows]
        if self._key_name in self._types:
            for key, count in Counter(row.get(self._key_name) for row in ready).items():
                if count > 1:
                    raise self._twice(key)
        failed: Counter[str] = Counter()
        for row, given in zip(ready, rows):
            failed.update(self._compute(row, list(self._computed), on_error, given))
        self._embed_here(ready, set(self._types))
        return ready, failed

    def _write_new(self, rows: list[dict[str, Any]]) -> None:
        try:
            with translated():
                stored = [_stored(row) for row in rows]
                patience = _patience(min(len(rows), ROWS_OF_A_REQUEST))
                self._server.insert(stored, batch_rows=ROWS_OF_A_REQUEST, timeout=patience)
        except AlreadyExistsError as problem:
            keys = [row.get(self._key_name) for row in rows[:ROWS_OF_A_REQUEST]]
            there = self._server.where({"column": self._key, "operator": "in", "value": keys}).select(self._key).first()
            raise self._twice(there[self._key] if there else problem) from problem

    def _twice(self, key: Any) -> RequestError:
        return RequestError(
            f"Duplicate primary key value: Key ({self._key_name})=({key}) already exists.",
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
        spec = self._spec(value_spec)
        dependents = self._dependents(set(spec)) if cascade else []
        touched = [f"{self._name}.{name}" for name in [*spec, *dependents]]
        condition = self._condition(where)
        if condition is not None and not self._depends_on_row(spec, dependents):
            values = {name: part._literal for name, part in spec.items() if isinstance(part, Literal)}
            with translated():
                count = self._server.update(_stored(values), condition).updated
            return UpdateStatus(updated_cols=touched, row_count_stats=RowCountStats(upd_rows=count))
        parts = [*spec.values(), *(self._computed[name] for name in dependents)]
        changes = [(key, self._changed(row, spec, dependents)) for key, row in self._rows_with_keys(where, parts)]
        self._write(changes)
        return UpdateStatus(updated_cols=touched, row_count_stats=RowCountStats(upd_rows=len(changes)))

    def _spec(self, given: Mapping[str, Any]) -> dict[str, Expr]:
        """New values by column.

        Raises:
            NotFoundError: There is no such column.
            RequestError: It cannot be given that value, or none at all.
        """
        spec: dict[str, Expr] = {}
        for name, value in given.items():
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
        return spec

    def _depends_on_row(self, spec: Mapping[str, Expr], dependents: list[str]) -> bool:
        """Whether what is written of a row is computed here of what it has."""
        here = any(index.function and not index.model and index.column in spec for index in self._indexes.values())
        return here or bool(dependents) or not all(isinstance(part, Literal) for part in spec.values())

    def _changed(self, row: Any, spec: Mapping[str, Expr], dependents: list[str]) -> dict[str, Any]:
        """The values that a row gets, and what is computed of them."""
        values = {}
        for name, part in spec.items():
            try:
                values[name] = checked(part._value(row), self._types[name])
            except (TypeError, ValueError) as problem:
                raise RequestError(f"Error in column {name}: {problem}") from None
        whole = {**self._plain(row), **values}
        self._compute(whole, dependents, "abort", whole)
        self._embed_here([whole], set(spec))
        for index in self._indexes.values():
            if index.function and index.column in spec and index.stored_column in whole:
                values[index.stored_column] = whole[index.stored_column]
        return {**values, **{name: whole[name] for name in dependents}}

    def _plain(self, row: Any) -> dict[str, Any]:
        """The values of a row that was read, by column."""
        return {name: row[f"{self._id}.{name}"] for name in self._types if f"{self._id}.{name}" in row}

    def _rows_with_keys(self, where: Any, parts: list[Expr]) -> list[tuple[Any, Any]]:
        """Keys of the rows that pass, with the values that expressions need."""
        key = KeyRef(self, self._key_name, self._types.get(self._key_name, ColumnType("Int")))
        query = Query(self)._copy(_where=where, _selected=[(key, None), *((part, None) for part in parts)])
        return [(row[key._key], row) for row in query._computed()]

    def _write(self, changes: Iterable[tuple[Any, dict[str, Any]]]) -> None:
        """Gives rows the values that were made for each, as many at once as a request may hold. Rows that are gone by now
        stay gone."""
        rows = [{self._key: key, **_stored(values)} for key, values in changes if values]
        with translated():
            for start in range(0, len(rows), ROWS_OF_A_REQUEST):
                self._write_together(rows[start : start + ROWS_OF_A_REQUEST])

    def _write_together(self, rows: list[dict[str, Any]]) -> None:
        try:
            self._server.update_rows(rows, if_missing="ignore", timeout=_patience(len(rows)))
        except errors.TooLargeError:
            if len(rows) == 1:
                raise
            half = len(rows) // 2
            self._write_together(rows[:half])
            self._write_together(rows[half:])

    def _condition(self, where: Any) -> Any:
        """The server's filter; None if there is none."""
        return [] if where is None else filter_of(where)

    def batch_update(
        self,
        rows: Iterable[Mapping[str, Any]],
        cascade: bool = True,
        if_not_exists: str = "error",
        return_rows: bool = False,
    ) -> UpdateStatus:
        """Changes rows by their primary key, up to 10,000 in one commit. With `if_not_exists="insert"` rows that are not there
        are inserted in a commit of their own after it, once all rows have been found good.

        Raises:
            NotFoundError: One is not there, and `if_not_exists` is `error`; nothing was changed.
            RequestError: A row does not fit; nothing was changed.
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
        self._refresh()
        specs: dict[Any, dict[str, Expr]] = {}
        for row in given:
            if row[self._key_name] in there:
                values = {name: value for name, value in row.items() if name != self._key_name}
                specs.setdefault(row[self._key_name], {}).update(self._spec(values))
        new = self._new_rows(missing, "abort")[0] if if_not_exists == "insert" else []
        touched = self._update_each(specs, cascade)
        self._write_new(new)
        stats = RowCountStats(upd_rows=len(given) - len(missing), ins_rows=len(new))
        return UpdateStatus(updated_cols=[f"{self._name}.{name}" for name in sorted(touched)], row_count_stats=stats)

    def _update_each(self, specs: Mapping[Any, dict[str, Expr]], cascade: bool) -> set[str]:
        """Gives rows new values, each its own, by key; which columns that changes."""
        dependents = {key: self._dependents(set(spec)) if cascade else [] for key, spec in specs.items()}
        touched = {name for key, spec in specs.items() for name in [*spec, *dependents[key]]}
        of_row = [key for key, spec in specs.items() if self._depends_on_row(spec, dependents[key])]
        parts: list[Expr] = [part for key in of_row for part in specs[key].values()]
        parts += [self._computed[name] for name in self._computed if name in touched]
        changes = {
            key: {name: part._literal for name, part in spec.items() if isinstance(part, Literal)}
            for key, spec in specs.items()
        }
        for start in range(0, len(of_row), BATCH):
            where = self._ref(self._key_name).isin(of_row[start : start + BATCH])
            for key, row in self._rows_with_keys(where, parts):
                changes[key] = self._changed(row, specs[key], dependents[key])
        self._write(changes.items())
        return touched

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
            whole = self._plain(row)
            self._compute(whole, wanted, "abort", whole)
            changes.append((key, {name: whole[name] for name in wanted}))
        self._write(changes)
        touched = [f"{self._name}.{name}" for name in wanted]
        return UpdateStatus(updated_cols=touched, row_count_stats=RowCountStats(upd_rows=len(changes)))


def _patience(rows: int) -> float:
    """Seconds that a write may take; the server may have to embed the text of each row."""
    return 30 + rows / 20


def _stored(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row by AkiDB's names."""
    return {stored_name(name): value for name, value in row.items()}


class _Values(dict[str, Any]):
    """A row as expressions see it, computed columns as they become known."""

    def __init__(self, table: Definition, row: Mapping[str, Any]) -> None:
        super().__init__()
        self._table, self._row = table, row

    def __missing__(self, key: str) -> Any:
        name = key.rpartition(".")[2] if key.startswith(self._table._id + ".") else key
        return value_of(self._row.get(name), self._table._types[name])
