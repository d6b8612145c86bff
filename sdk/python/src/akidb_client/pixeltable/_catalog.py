"""Where tables are: the connection, directories, and what is kept about tables beside AkiDB's own columns."""

from __future__ import annotations

import re
import threading
from typing import Any

from .._sync._client import AkiDB
from .._sync._table import Table as ServerTable
from ..errors import NotFoundError as NothingThere
from .exceptions import AlreadyExistsError, NotFoundError, RequestError, translated

#: The table that keeps directories, types as Pixeltable has them, computed columns and indexes. Its name is no path.
CATALOG = ".pixeltable"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class _Connection:
    """The server that tables are on; one for a program, as Pixeltable has one database."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.client: AkiDB | None = None
        self.catalog_of: AkiDB | None = None


_connection = _Connection()


def connect(client: AkiDB | str | None = None, **options: Any) -> AkiDB:
    """Says which server the tables are on.

    Args:
        client: A client, or an address; else `AKIDB_URL`, else `http://127.0.0.1:8080`. Any earlier one is forgotten.
        options: What `AkiDB` takes beside its address.
    """
    with _connection.lock:
        _connection.client = client if isinstance(client, AkiDB) else AkiDB(client, **options)
        return _connection.client


def client() -> AkiDB:
    """The client of the server that the tables are on."""
    with _connection.lock:
        return _connection.client or connect()


def catalog() -> ServerTable:
    """The table that keeps what AkiDB does not know."""
    with _connection.lock:
        server = client()
        if _connection.catalog_of is not server:
            with translated():
                server.create_table(
                    CATALOG, {"path": "string", "about": "json"}, primary_key="path", if_exists="ignore"
                )
            _connection.catalog_of = server
        return server.table(CATALOG)


def entry(path: str) -> dict[str, Any] | None:
    """What is kept about a path; None if nothing is there. A table that AkiDB's own means made has an empty one."""
    with translated():
        row = catalog().get(path)
        if row:
            about: dict[str, Any] = row["about"]
            return about
        return {"kind": "table"} if path != CATALOG and client().has_table(path) else None


def entries() -> dict[str, dict[str, Any]]:
    """All directories and tables by path."""
    with translated():
        found = {row["path"]: row["about"] for row in catalog().query().collect()}
        there = {table.name for table in client().tables() if table.kind == "table"} - {CATALOG}
        # what AkiDB's own means dropped is gone, and what they made is a table too
        found = {path: about for path, about in found.items() if about["kind"] == "dir" or path in there}
        return {**{path: {"kind": "table"} for path in there}, **found}


def keep(path: str, about: dict[str, Any]) -> None:
    with translated():
        catalog().insert({"path": path, "about": about}, on_conflict="replace")


def forget(path: str) -> None:
    with translated():
        catalog().delete_row(path)


def path_of(path: str) -> str:
    """A path with slashes; older programs write dots.

    Raises:
        RequestError: It is none.
    """
    if not isinstance(path, str):
        raise RequestError(f"Invalid path: {path}")
    parts = path.replace(".", "/").split("/")
    if not all(_NAME.fullmatch(part) for part in parts):
        raise RequestError(f"Invalid path: {path}")
    return "/".join(parts)


def existing_path(path: str) -> str:
    """A path as it was written by whoever made it: tables that AkiDB's own means made may have any name."""
    try:
        return path_of(path)
    except RequestError:
        if client().has_table(path):
            return path
        raise


def parent_of(path: str) -> str:
    return path.rpartition("/")[0]


def need_parent(path: str) -> None:
    """
    Raises:
        NotFoundError: The directory that the path is in is not there.
    """
    parent = parent_of(path)
    if parent:
        about = entry(parent)
        if about is None or about["kind"] != "dir":
            raise NotFoundError(
                f"Directory {parent!r} does not exist. Create it first with:\npxt.create_dir({parent!r})"
            )


def check_choice(name: str, value: str, choices: list[str]) -> None:
    if value not in choices:
        raise RequestError(f"{name} must be one of: {choices}")


IF_EXISTS = ["error", "ignore", "replace", "replace_force"]
IF_NOT_EXISTS = ["error", "ignore"]


class Dir:
    """A directory of tables."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __repr__(self) -> str:
        return f"Dir({self._path!r})"


def create_dir(path: str, *, if_exists: str = "error", parents: bool = False) -> Dir | None:
    """Makes a directory.

    Raises:
        AlreadyExistsError: There is something of this path, and `if_exists` is `error`.
        NotFoundError: The directory above is not there, and `parents` is false.
    """
    check_choice("if_exists", if_exists, IF_EXISTS)
    path = path_of(path)
    about = entry(path)
    if about is not None:
        if if_exists == "error" or about["kind"] != "dir":
            raise AlreadyExistsError(f"Path {path!r} is an existing {_word(about)}")
        if if_exists == "ignore":
            return Dir(path)
        drop_dir(path, force=if_exists == "replace_force")
    if parents and parent_of(path):
        create_dir(parent_of(path), if_exists="ignore", parents=True)
    need_parent(path)
    keep(path, {"kind": "dir"})
    return Dir(path)


def _word(about: dict[str, Any]) -> str:
    return "directory" if about["kind"] == "dir" else "table"


def drop_dir(path: str, force: bool = False, if_not_exists: str = "error") -> None:
    """Drops a directory; with `force` all that is in it as well."""
    check_choice("if_not_exists", if_not_exists, IF_NOT_EXISTS)
    path = path_of(path)
    about = entry(path)
    if about is None:
        if if_not_exists == "ignore" or force:
            return
        raise NotFoundError(f"Path {path!r} does not exist.")
    if about["kind"] != "dir":
        raise RequestError(f"Path {path!r} is not a directory")
    inside = [name for name in entries() if name.startswith(path + "/")]
    if inside and not force:
        raise RequestError(f"Directory {path!r} is not empty.")
    for name in sorted(inside, reverse=True):
        with translated():
            client().drop_table(name, missing_ok=True)
        forget(name)
    forget(path)


def drop_table(table: Any, force: bool = False, if_not_exists: str = "error") -> None:
    """Drops a table with its rows."""
    check_choice("if_not_exists", if_not_exists, IF_NOT_EXISTS)
    path = existing_path(table) if isinstance(table, str) else table._path
    about = entry(path)
    if about is None:
        if if_not_exists == "ignore" or force:
            return
        raise NotFoundError(f"Path {path!r} does not exist.")
    if about["kind"] == "dir":
        raise RequestError(f"Path {path!r} is not a table")
    with translated():
        try:
            client().drop_table(path)
        except NothingThere:
            pass  # it was dropped by AkiDB's own means
    forget(path)


def move(path: str, new_path: str, *, if_exists: str = "error", if_not_exists: str = "error") -> None:
    """Gives a table or directory another path."""
    path, new_path = existing_path(path), path_of(new_path)
    about = entry(path)
    if entry(new_path) is not None:
        if if_exists == "ignore":
            return
        raise AlreadyExistsError(f"Path {new_path!r} already exists.")
    if about is None:
        if if_not_exists == "ignore":
            return
        raise NotFoundError(f"Path {path!r} does not exist.")
    need_parent(new_path)
    moved = {path: about}
    if about["kind"] == "dir":
        moved |= {name: inside for name, inside in entries().items() if name.startswith(path + "/")}
    for name, what in moved.items():
        target = new_path + name[len(path) :]
        if what["kind"] != "dir":
            with translated():
                client().table(name).rename(target)
        keep(target, what)
        forget(name)


def list_tables(dir_path: str = "", recursive: bool = True) -> list[str]:
    """Paths of the tables in a directory."""
    return _listed("table", dir_path, recursive)


def list_dirs(path: str = "", recursive: bool = True) -> list[str]:
    """Paths of the directories in a directory."""
    return _listed("dir", path, recursive)


def _listed(kind: str, path: str, recursive: bool) -> list[str]:
    prefix = path_of(path) + "/" if path else ""
    if path:
        about = entry(prefix[:-1])
        if about is None or about["kind"] != "dir":
            raise NotFoundError(f"Path {path!r} does not exist.")
    return sorted(
        name
        for name, about in entries().items()
        if (about["kind"] == "dir") == (kind == "dir")
        and name.startswith(prefix)
        and (recursive or "/" not in name[len(prefix) :])
    )


def get_dir_contents(dir_path: str = "", recursive: bool = True) -> dict[str, list[str]]:
    """Paths of directories and tables in a directory."""
    return {"dirs": list_dirs(dir_path, recursive), "tables": list_tables(dir_path, recursive)}


def ls(path: str = "") -> Any:
    """A DataFrame of what is in a directory: Name, Kind, Version, Base."""
    from ..results import module

    prefix = path_of(path) + "/" if path else ""
    rows = [(name[len(prefix) :], "dir", "", "") for name in list_dirs(path, recursive=False)]
    rows += [(name[len(prefix) :], "table", "0", "") for name in list_tables(path, recursive=False)]
    return module("pandas", "pandas").DataFrame(sorted(rows), columns=["Name", "Kind", "Version", "Base"])
