"""What the server tells of tables, columns, indexes, models and collections, as plain values."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

__all__ = [
    "BackupInfo",
    "Caller",
    "CollectionInfo",
    "Column",
    "ColumnInfo",
    "Columns",
    "Compaction",
    "ComputedInfo",
    "DeleteResult",
    "EmbeddingModel",
    "Embeddings",
    "FillCounts",
    "Health",
    "IfMissing",
    "IndexInfo",
    "InsertResult",
    "KeyInfo",
    "Metric",
    "OnConflict",
    "Problem",
    "TableInfo",
    "Token",
    "UpdateResult",
    "VectorMap",
    "Verification",
]

Metric: TypeAlias = Literal["cosine", "euclidean", "inner_product"]
OnConflict: TypeAlias = Literal["error", "replace", "ignore"]
IfMissing: TypeAlias = Literal["error", "ignore"]
ColumnType: TypeAlias = Literal["string", "int", "float", "bool", "timestamp", "json", "embedding"]

_PYTHON_TYPES: dict[object, ColumnType] = {
    str: "string",
    int: "int",
    float: "float",
    bool: "bool",
    dict: "json",
    list: "json",
}


@dataclass(frozen=True)
class Column:
    """A column to be made.

    Attributes:
        name: 1 to 128 characters.
        type: `string`, `int`, `float`, `bool`, `timestamp`, `json` or `embedding`.
        required: Whether every row has a value.
        unique: Whether no two rows have the same value.
        default: What rows take that bring none; None for nothing.
        dimensions: Length of an embedding, 1 to 4,096.
        metric: How embeddings are compared; cosine unless said.
    """

    name: str
    type: ColumnType
    required: bool = False
    unique: bool = False
    default: Any = None
    dimensions: int | None = None
    metric: Metric | None = None

    def json(self) -> dict[str, Any]:
        wanted: dict[str, Any] = {"name": self.name, "type": self.type}
        for name in ("required", "unique", "default", "dimensions", "metric"):
            if getattr(self, name):
                wanted[name] = getattr(self, name)
        if self.default is not None:
            wanted["default"] = self.default
        return wanted


#: How columns may be given: `Column`s, the server's own JSON, or names with types (`{"title": "string", "stars": int}`).
Columns: TypeAlias = "Mapping[str, Any] | list[Column | Mapping[str, Any]]"


def columns_json(columns: Columns) -> list[dict[str, Any]]:
    """
    Raises:
        TypeError: A type is none that a column can have.
    """
    if isinstance(columns, Mapping):
        return [_column_json(name, kind) for name, kind in columns.items()]
    return [column.json() if isinstance(column, Column) else dict(column) for column in columns]


def _column_json(name: str, kind: Any) -> dict[str, Any]:
    if isinstance(kind, str):
        return {"name": name, "type": kind}
    if isinstance(kind, Column):
        return {**kind.json(), "name": name}
    if isinstance(kind, Mapping):
        return {"name": name, **kind}
    if kind in _PYTHON_TYPES:
        return {"name": name, "type": _PYTHON_TYPES[kind]}
    raise TypeError(
        f"column {name!r}: {kind!r} is no type of a column; use one of string, int, float, bool, timestamp, json"
    )


@dataclass(frozen=True)
class ColumnInfo:
    """A column of a table. `computed` tells what it is made of, if the server computes it."""

    name: str
    type: ColumnType
    required: bool = False
    unique: bool = False
    default: Any = None
    dimensions: int | None = None
    metric: Metric | None = None
    computed: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class IndexInfo:
    """An index of a table.

    Attributes:
        status: `building`, `ready` or `failed`, then with `error`.
        percent: How far it is built, 0 to 100.
        recall: Share of the true nearest rows that it found, as last measured; None if it was not.
        recall_history: How `recall` was before, as `at` and `recall`, a minute or more apart and oldest first; not in the
            description of a table.
    """

    name: str
    type: str
    columns: tuple[str, ...]
    method: str
    status: str
    percent: int = 100
    rows: int = 0
    memory_bytes: int = 0
    metric: Metric | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    recall: float | None = None
    error: str | None = None
    recall_history: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class TableInfo:
    """A table or collection as the server describes it."""

    name: str
    kind: str
    columns: tuple[ColumnInfo, ...]
    primary_key: str
    row_count: int
    version: int
    created_at: str
    indexes: tuple[IndexInfo, ...]

    def column(self, name: str) -> ColumnInfo:
        """
        Raises:
            KeyError: The table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name!r} has no column {name!r}")

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(column.name)}</td><td>{_type_text(column)}</td><td>{_notes(self, column)}</td></tr>"
            for column in self.columns
        )
        title = f"{html.escape(self.name)}: {self.row_count:,} rows"
        return f"<table><caption>{title}</caption><tr><th>column</th><th>type</th><th></th></tr>{rows}</table>"


def _type_text(column: ColumnInfo) -> str:
    return f"embedding of {column.dimensions}" if column.type == "embedding" else column.type


def _notes(table: TableInfo, column: ColumnInfo) -> str:
    notes = ["primary key"] if column.name == table.primary_key else ["required"] if column.required else []
    if column.unique:
        notes.append("unique")
    if column.computed:
        notes.append(f"of {column.computed['source']} by {column.computed['model']}")
    return html.escape(", ".join(notes))


@dataclass(frozen=True)
class FillCounts:
    """Cells of a computed column: `ready`, `pending`, `failed`, and `empty` (nothing to embed)."""

    ready: int
    pending: int
    failed: int
    empty: int


@dataclass(frozen=True)
class ComputedInfo:
    """A column whose embeddings the server makes of another.

    Attributes:
        status: `ready`, `filling`, `paused`, or `waiting` for a model that cannot be used now, with its `error`.
        change: A change of the model that is under way; None if there is none.
        failed_cells: `key` and `error` of rows whose text the model refused.
        next_failed: Where the next page of those begins; None if there is no more.
    """

    name: str
    source: str
    model: str
    dimensions: int
    metric: Metric
    auto_update: bool
    cache: bool
    status: str
    cells: FillCounts
    error: str | None = None
    change: Mapping[str, Any] | None = None
    failed_cells: tuple[Mapping[str, Any], ...] = ()
    next_failed: int | None = None


@dataclass(frozen=True)
class InsertResult:
    """How many rows an insert brought.

    Attributes:
        version: The number of the last commit.
    """

    inserted: int = 0
    updated: int = 0
    ignored: int = 0
    version: int = 0

    def __add__(self, other: InsertResult) -> InsertResult:
        return InsertResult(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.ignored + other.ignored,
            max(self.version, other.version),
        )


@dataclass(frozen=True)
class UpdateResult:
    """How many rows were changed, and the number of the commit.

    Attributes:
        missing: Rows that were not there, where they were named with values of their own.
    """

    updated: int
    version: int
    missing: int = 0


@dataclass(frozen=True)
class BackupInfo:
    """A backup that the server made or makes.

    Attributes:
        state: `running`, `complete` or `failed`.
        path: Its directory on the server.
        made_at: When it was begun.
        bytes: Of all its files; 0 until it is complete.
        commit: Number of the last commit that is in it; 0 until it is complete.
        keys: Whether it has API keys.
        audit: Whether it has the audit log.
        error: Why it failed; None if it did not.
    """

    name: str
    state: str
    path: str
    made_at: str
    bytes: int
    commit: int
    keys: bool
    audit: bool
    error: str | None = None


@dataclass(frozen=True)
class Problem:
    """Something wrong with the server's files.

    Attributes:
        what: What is wrong with it.
        harmless: Whether the server mends it by itself at its next start.
    """

    file: str
    what: str
    harmless: bool


@dataclass(frozen=True)
class Verification:
    """A reading of all that the server keeps.

    Attributes:
        state: `running`, `complete` or `failed`.
        started_at: When it began.
        ended_at: When it ended; None while it runs.
        step: What is being read now; None when it has ended.
        problems: What is wrong, at most 1,000 things; of use when it is complete.
        error: Why it failed; None if it did not.
    """

    state: str
    started_at: str
    ended_at: str | None = None
    step: str | None = None
    problems: tuple[Problem, ...] = ()
    error: str | None = None


@dataclass(frozen=True)
class Compaction:
    """A giving back of what the database does not use.

    Attributes:
        state: `running`, `complete` or `failed`.
        started_at: When it began.
        bytes_before: What the database took when it began, its log included.
        bytes: What it takes now.
        free_bytes: What of it holds nothing.
        ended_at: When it ended; None while it runs.
        error: Why it failed; None if it did not.
    """

    state: str
    started_at: str
    bytes_before: int
    bytes: int
    free_bytes: int
    ended_at: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Caller:
    """Who the server takes this client for.

    Attributes:
        key: Name of the API key; `anonymous` where none is needed.
        scopes: What it may do: `read`, `write`, `admin`.
        keys: Whether the server asks for keys.
        tables: The tables and collections that it may see, by name, and what of them; None for everything.
        expires_at: When its token ends; None for keys.
    """

    key: str
    scopes: tuple[str, ...]
    keys: bool
    tables: Mapping[str, Any] | None = None
    expires_at: str | None = None


@dataclass(frozen=True)
class KeyInfo:
    """An API key, without the key itself.

    Attributes:
        id: Also in the key itself, so that a leaked one can be named.
        scopes: What it may be used for: `read`, `write`, `admin`.
        expires_at: When it ends; None if it never does.
        last_used_at: Up to a minute old; None if it was not used.
        requests_per_second: Its own limit; None where that of the server holds.
        tables: The tables and collections that it may see, by name, and what of them; None for everything.
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: str
    expires_at: str | None = None
    last_used_at: str | None = None
    requests_per_second: float | None = None
    tables: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Token:
    """A token that was made.

    Attributes:
        token: What the client that it is for takes as its `api_key`; it is shown this once.
        key_id: The API key with which it ends.
    """

    token: str = field(repr=False)
    expires_at: str
    key_id: str


@dataclass(frozen=True)
class VectorMap:
    """Vectors as points of the plane in which they differ most.

    Attributes:
        column: The embedding column.
        version: The table's version that it shows.
        rows: Rows of the table, of which the points are a sample.
        points: `key`, `x`, `y`, and `by` where a column was named.
        plane: `mean`, `first`, `second` and `explained`; a vector lies at its distance from the mean along each direction.
            None without vectors.
    """

    column: str
    version: int
    rows: int
    points: list[Mapping[str, Any]]
    plane: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class DeleteResult:
    """How many rows were deleted, and the number of the commit."""

    deleted: int
    version: int


@dataclass(frozen=True)
class EmbeddingModel:
    """A model. `cached` says whether its files are on the server's machine."""

    id: str
    dimensions: int
    type: str
    cached: bool


@dataclass(frozen=True)
class Embeddings:
    """Vectors of texts, in their order.

    Attributes:
        vectors: One list of `dimension` floats for each text.
        truncated: Indexes of texts that were longer than the model takes, and were cut.
        tokens: Tokens of all texts.
    """

    vectors: list[list[float]]
    model: str
    dimension: int
    truncated: tuple[int, ...] = ()
    tokens: int | None = None


@dataclass(frozen=True)
class CollectionInfo:
    """A collection of documents."""

    id: str
    name: str
    dimension: int
    metric: Metric
    model: str
    document_count: int
    created_at: str


@dataclass(frozen=True)
class Health:
    """Whether the server can embed and answer. `status` is `ok`, or `detail` says why not."""

    status: str
    model: str | None = None
    dimension: int | None = None
    detail: str | None = None
    workers: Mapping[str, Any] | None = None


def _known(kind: type, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Only fields that this version knows: a newer server may tell more."""
    names = kind.__dataclass_fields__  # type: ignore[attr-defined]
    return {name: value for name, value in answer.items() if name in names}


def index_info(answer: Mapping[str, Any]) -> IndexInfo:
    return IndexInfo(**{**_known(IndexInfo, answer), "columns": tuple(answer["columns"])})


def table_info(answer: Mapping[str, Any]) -> TableInfo:
    return TableInfo(
        **{
            **_known(TableInfo, answer),
            "columns": tuple(ColumnInfo(**_known(ColumnInfo, column)) for column in answer["columns"]),
            "indexes": tuple(index_info(index) for index in answer["indexes"]),
        }
    )


def computed_info(answer: Mapping[str, Any]) -> ComputedInfo:
    known = _known(ComputedInfo, answer)
    known["name"] = answer["column_name"]
    known["cells"] = FillCounts(**_known(FillCounts, answer["cells"]))
    known["failed_cells"] = tuple(answer.get("failed_cells") or ())
    return ComputedInfo(**known)


def insert_result(answer: Mapping[str, Any]) -> InsertResult:
    return InsertResult(**_known(InsertResult, answer))


def update_result(answer: Mapping[str, Any]) -> UpdateResult:
    return UpdateResult(**_known(UpdateResult, answer))


def backup_info(answer: Mapping[str, Any]) -> BackupInfo:
    return BackupInfo(**_known(BackupInfo, answer))


def verification(answer: Mapping[str, Any]) -> Verification:
    problems = tuple(Problem(**_known(Problem, problem)) for problem in answer.get("problems") or ())
    return Verification(**{**_known(Verification, answer), "problems": problems})


def compaction(answer: Mapping[str, Any]) -> Compaction:
    return Compaction(**_known(Compaction, answer))


def caller(answer: Mapping[str, Any]) -> Caller:
    return Caller(**{**_known(Caller, answer), "scopes": tuple(answer["scopes"])})


def key_info(answer: Mapping[str, Any]) -> KeyInfo:
    return KeyInfo(**{**_known(KeyInfo, answer), "scopes": tuple(answer["scopes"])})


def token(answer: Mapping[str, Any]) -> Token:
    return Token(**_known(Token, answer))


def vector_map(answer: Mapping[str, Any]) -> VectorMap:
    return VectorMap(**_known(VectorMap, answer))


def delete_result(answer: Mapping[str, Any]) -> DeleteResult:
    return DeleteResult(**_known(DeleteResult, answer))


def embedding_model(answer: Mapping[str, Any]) -> EmbeddingModel:
    return EmbeddingModel(**_known(EmbeddingModel, answer))


def collection_info(answer: Mapping[str, Any]) -> CollectionInfo:
    return CollectionInfo(**_known(CollectionInfo, answer))


def health(answer: Mapping[str, Any]) -> Health:
    return Health(**_known(Health, answer))
