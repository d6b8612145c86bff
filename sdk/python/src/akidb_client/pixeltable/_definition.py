"""What a table is: where, its columns and their types, what is computed, and its indexes."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..models import TableInfo
from . import _catalog as catalog
from ._exprs import ColumnRef, Expr, from_json, function_of
from ._query import METRICS
from ._types import ColumnType, shown_name
from .exceptions import NotFoundError, RequestError, translated

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


class Definition:
    """A table as it is described. Its columns are its attributes: `t.title`, `t["title"]`."""

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
        return isinstance(other, Definition) and other._path == self._path

    def __hash__(self) -> int:
        return hash(self._path)

    def _dependents(self, names: set[str]) -> list[str]:
        """Columns that are computed of these, in the order of computing."""
        found: list[str] = []
        for name, part in self._computed.items():
            if _columns_of(part) & (names | set(found)):
                found.append(name)
        return found

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


def _columns_of(part: Expr) -> set[str]:
    return {inner._column for inner in part._walk() if isinstance(inner, ColumnRef)}


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
