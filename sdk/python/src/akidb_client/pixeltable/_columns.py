"""Columns of a table: added, computed, renamed, dropped; and the indexes on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import errors
from . import _catalog as catalog
from ._definition import EmbeddingIndex
from ._exprs import Call, ColumnRef, Expr, Literal, Similarity, expr_of
from ._query import METRICS, Query
from ._results import RowCountStats, UpdateStatus
from ._rows import RowWrites
from ._types import ColumnType, stored_name, type_of
from .exceptions import AlreadyExistsError, NotFoundError, NotSupported, RequestError, translated
from .functions import Embedder, Function

#: What columns of vectors are called that belong to an index.
HIDDEN = "__idx_"


class Columns(RowWrites):
    """A table whose columns change."""

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
            wanted = type_of_spec(column, kind)
            if not wanted.nullable and Query(self).count():
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
            whole = self._plain(row)
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
        count = Query(self).count()
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


def _renamed(content: Any, old: str, new: str) -> Any:
    """The JSON of an expression with another name of a column."""
    if isinstance(content, dict):
        return {
            key: new if key in ("column", "source") and value == old else _renamed(value, old, new)
            for key, value in content.items()
        }
    return [_renamed(part, old, new) for part in content] if isinstance(content, list) else content


def check_column_name(name: Any) -> str:
    """
    Raises:
        RequestError: A column cannot have this name.
    """
    if not isinstance(name, str) or not catalog._NAME.fullmatch(name):
        raise RequestError(f"Invalid column name: {name}")
    from ._table import RESERVED

    if name in RESERVED:
        raise RequestError(f"'{name}' is a reserved name in Pixeltable; please choose a different column name.")
    return name.lower()


def type_of_spec(name: str, spec: Any) -> ColumnType:
    if isinstance(spec, Mapping) and "type" in spec:
        spec = spec["type"]
    try:
        return type_of(spec)
    except NotSupported:
        raise
    except RequestError:
        raise RequestError(f"Invalid spec for column {name!r}: {spec!r}") from None
