"""Pixeltable's face over AkiDB, for text and vectors.

    import akidb_client.pixeltable as pxt          # instead of: import pixeltable as pxt

or, before anything imports Pixeltable, `akidb_client.pixeltable.install()`, after which `import pixeltable` means this. Which
server: `AKIDB_URL`, or `pxt.connect(...)`. docs/MIGRATION-FROM-PIXELTABLE.md says what is there and what is not.
"""

from __future__ import annotations

import sys
import types as _python_types
from typing import Any

from . import _types as type_system
from . import exceptions, functions, io
from ._catalog import (
    Dir,
    client,
    connect,
    create_dir,
    drop_dir,
    drop_table,
    get_dir_contents,
    list_dirs,
    list_tables,
    ls,
    move,
)
from ._query import Query
from ._results import ResultSet, UpdateStatus
from ._table import EmbeddingIndex, Table, create_table, get_table
from ._types import (
    UUID,
    Array,
    Audio,
    Binary,
    Bool,
    ColumnType,
    Date,
    Document,
    Float,
    Image,
    Int,
    Json,
    Required,
    String,
    Timestamp,
    Video,
)
from .exceptions import (
    AlreadyExistsError,
    AuthorizationError,
    ConcurrencyError,
    Error,
    ErrorCode,
    ExternalServiceError,
    InternalError,
    NotFoundError,
    NotSupported,
    PixeltableWarning,
    RequestError,
    ServiceUnavailableError,
    UserError,
)
from .functions import Function, query, retrieval_udf, udf

__version__ = "0.7.21"

InsertableTable = Table


def init(config_overrides: dict[str, Any] | None = None) -> None:
    """Makes sure that the server is there."""
    with exceptions.translated():
        client().health(part="ready")


def array(elements: Any) -> Any:
    """A list of expressions and values, as one expression."""
    from ._exprs import Inline

    return Inline(list(elements))


def create_view(path: str, base: Any, **options: Any) -> Any:
    raise NotSupported(
        "create_view() is not there: select what the view would show in a query; split documents in your program, and insert "
        "the pieces into a table with a column for the document"
    )


def create_snapshot(path_str: str, base: Any, **options: Any) -> Any:
    raise NotSupported("create_snapshot() is not there: create_table(path, source=table) copies a table as it is now")


def iterator(*arguments: Any, **named: Any) -> Any:
    raise NotSupported("iterators belong to views, which AkiDB does not have")


def uda(*arguments: Any, **named: Any) -> Any:
    raise NotSupported("@uda is not there: collect() the rows and aggregate them in your program")


def expr_udf(*arguments: Any, **named: Any) -> Any:
    raise NotSupported("@expr_udf is not there: write the expression, or a @udf")


def tools(*arguments: Any, **named: Any) -> Any:
    raise NotSupported("tools() is not there: give your provider's client the functions themselves")


def list_functions() -> list[str]:
    """Names of the functions that are there."""
    return sorted(functions.KNOWN)


def configure_logging(*arguments: Any, **named: Any) -> None:
    """Does nothing; the layer writes no log."""


_VIEWS = "iterators belong to views, which AkiDB does not have; split documents in your program, and insert the pieces"
_MODELS = "tables as classes are not there: create_table() and add_computed_column() make what they declare"
_AGENTS = "give your provider's client the functions themselves"
_SERVING = "AkiDB is a server of its own, with metrics; what Pixeltable serves and reports of itself is not there"
#: Names of Pixeltable that are not here, with the reason.
NOT_HERE = {
    "iterators": _VIEWS,
    "PxtIterator": _VIEWS,
    "View": _VIEWS,
    "model_base": _MODELS,
    "Column": _MODELS,
    "BtreeIndex": _MODELS,
    "Tool": _AGENTS,
    "Tools": _AGENTS,
    "ToolChoice": _AGENTS,
    "tool": _AGENTS,
    "mcp_udfs": _AGENTS,
    "service": _SERVING,
    "telemetry": _SERVING,
    "telemetry_schemas": _SERVING,
    "Aggregator": "collect() the rows and aggregate them in your program",
}


class NotHere(NotSupported, AttributeError):
    """A name of Pixeltable's module that is not in this one; the message says why, and what to do instead."""


def __getattr__(name: str) -> Any:
    if name in NOT_HERE:
        raise NotHere(f"pixeltable.{name} is not there: {NOT_HERE[name]}")
    raise AttributeError(f"module 'pixeltable' has no attribute {name!r}")


def install() -> None:
    """From now on `import pixeltable` means this module, for programs that others wrote.

    Raises:
        Error: The real Pixeltable was imported before.
    """
    there = sys.modules.get("pixeltable")
    if there is not None and there is not sys.modules[__name__]:
        raise Error("pixeltable is imported already; call install() before")
    index = _python_types.ModuleType("pixeltable.index")
    index.EmbeddingIndex = EmbeddingIndex  # type: ignore[attr-defined]
    catalog = _python_types.ModuleType("pixeltable.catalog")
    for part in (Table, InsertableTable, UpdateStatus, Dir):
        setattr(catalog, part.__name__, part)
    aliases = {
        "pixeltable": sys.modules[__name__],
        "pixeltable.functions": functions,
        "pixeltable.exceptions": exceptions,
        "pixeltable.type_system": type_system,
        "pixeltable.catalog": catalog,
        "pixeltable.index": index,
        "pixeltable.io": io,
        "pixeltable.exprs": sys.modules[f"{__name__}._exprs"],
        "pixeltable.func": functions,
    }
    for name in ("string", "timestamp", "date", "math", "json", "uuid", "huggingface", "openai"):
        aliases[f"pixeltable.functions.{name}"] = getattr(functions, name)
    for name, what in aliases.items():
        sys.modules[name] = what


def uninstall() -> None:
    """Takes `install` back."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "pixeltable"]:
        del sys.modules[name]


__all__ = [
    "UUID",
    "AlreadyExistsError",
    "Array",
    "Audio",
    "AuthorizationError",
    "Binary",
    "Bool",
    "ColumnType",
    "ConcurrencyError",
    "Date",
    "Dir",
    "Document",
    "EmbeddingIndex",
    "Error",
    "ErrorCode",
    "ExternalServiceError",
    "Float",
    "Function",
    "Image",
    "InsertableTable",
    "Int",
    "InternalError",
    "Json",
    "NotFoundError",
    "NotSupported",
    "PixeltableWarning",
    "Query",
    "RequestError",
    "Required",
    "ResultSet",
    "ServiceUnavailableError",
    "String",
    "Table",
    "Timestamp",
    "UpdateStatus",
    "UserError",
    "Video",
    "array",
    "client",
    "connect",
    "create_dir",
    "create_snapshot",
    "create_table",
    "create_view",
    "drop_dir",
    "drop_table",
    "exceptions",
    "expr_udf",
    "functions",
    "get_dir_contents",
    "get_table",
    "init",
    "install",
    "io",
    "list_dirs",
    "list_functions",
    "list_tables",
    "ls",
    "move",
    "query",
    "retrieval_udf",
    "udf",
    "uninstall",
]
