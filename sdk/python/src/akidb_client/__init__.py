"""Client of AkiDB: tables, searches by meaning, embeddings.

    from akidb_client import AkiDB, col

    with AkiDB() as db:
        notes = db.create_table("notes", {"note": "string", "year": int})
        notes.insert([{"note": "Ford below the mill", "year": 2023}])
        notes.add_embedding("vec", "note").wait()
        for hit in notes.search("where can I cross the river?", where=col("year") >= 2020):
            print(hit.score, hit["note"])

`AsyncAkiDB` is the same with `await`. docs/PYTHON-GUIDE.md has it all.
"""

from ._async._client import AsyncAkiDB
from ._async._collection import AsyncCollection
from ._async._table import AsyncComputed, AsyncIndex, AsyncQuery, AsyncTable
from ._sync._client import AkiDB
from ._sync._collection import Collection
from ._sync._table import Computed, Index, Query, Table
from .errors import (
    AkiDBError,
    ApiError,
    ConfigurationError,
    ConflictError,
    ConnectionError,
    DeadlineError,
    ForbiddenError,
    InvalidRequestError,
    InvalidValueError,
    NotFoundError,
    OverloadedError,
    PartialInsertError,
    ProtocolError,
    ServerError,
    TimeoutError,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
)
from .filters import Condition, Field, col
from .models import (
    BackupInfo,
    Caller,
    CollectionInfo,
    Column,
    ColumnInfo,
    Compaction,
    ComputedInfo,
    DeleteResult,
    EmbeddingModel,
    Embeddings,
    Health,
    IndexInfo,
    InsertResult,
    KeyInfo,
    Problem,
    TableInfo,
    Token,
    UpdateResult,
    VectorMap,
    Verification,
)
from .results import Explanation, Hit, Rows, SearchResults

__version__ = "0.1.0"

__all__ = [
    "AkiDB",
    "AkiDBError",
    "ApiError",
    "AsyncAkiDB",
    "AsyncCollection",
    "AsyncComputed",
    "AsyncIndex",
    "AsyncQuery",
    "AsyncTable",
    "BackupInfo",
    "Caller",
    "Collection",
    "CollectionInfo",
    "Column",
    "ColumnInfo",
    "Compaction",
    "Computed",
    "ComputedInfo",
    "Condition",
    "ConfigurationError",
    "ConflictError",
    "ConnectionError",
    "DeadlineError",
    "DeleteResult",
    "EmbeddingModel",
    "Embeddings",
    "Explanation",
    "Field",
    "ForbiddenError",
    "Health",
    "Hit",
    "Index",
    "IndexInfo",
    "InsertResult",
    "InvalidRequestError",
    "InvalidValueError",
    "KeyInfo",
    "NotFoundError",
    "OverloadedError",
    "PartialInsertError",
    "Problem",
    "ProtocolError",
    "Query",
    "Rows",
    "SearchResults",
    "ServerError",
    "Table",
    "TableInfo",
    "TimeoutError",
    "Token",
    "TooLargeError",
    "UnauthenticatedError",
    "UnavailableError",
    "UpdateResult",
    "VectorMap",
    "Verification",
    "__version__",
    "col",
]
