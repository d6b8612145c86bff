"""Moves a table of Pixeltable to AkiDB: export, load, verify, or all three by `move`; `functions` lists what is computed.

`export`, `functions` and `move` run where Pixeltable is installed; `load` and `verify` anywhere.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .. import AkiDB, AkiDBError
from . import MigrationError
from .folder import read_json, write_json


def main() -> int:
    options = read_options()
    try:
        code: int = options.run(options)
        return code
    except (MigrationError, AkiDBError) as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        return 130


def read_options() -> argparse.Namespace:
    first = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="akidb-migrate", description=first)
    commands = parser.add_subparsers(required=True, metavar="move | export | load | verify | functions")
    move = commands.add_parser("move", help="export, load and verify, in one")
    add_export(move)
    add_load(move)
    add_verify(move)
    move.set_defaults(run=run_move)
    export = commands.add_parser("export", help="write a Pixeltable table into a folder")
    add_export(export)
    export.set_defaults(run=run_export)
    load = commands.add_parser("load", help="make the table of such a folder in a running AkiDB")
    load.add_argument("folder", type=Path)
    add_load(load)
    load.set_defaults(run=run_load)
    verify = commands.add_parser("verify", help="compare counts, values, vectors and searches")
    verify.add_argument("folder", type=Path)
    add_server(verify)
    add_verify(verify)
    verify.set_defaults(run=run_verify)
    functions = commands.add_parser("functions", help="list columns and indexes that functions compute")
    add_functions(functions)
    functions.set_defaults(run=run_functions)
    return parser.parse_args()


def add_functions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--functions", action="append", default=[], metavar="MODULE",
        help="a Python module with user-defined functions that the tables need; may be repeated",
    )  # fmt: skip


def add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", help="Pixeltable's path of the table, such as dir/code_layouts")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the export is kept")
    parser.add_argument(
        "--search", action="append", default=[], metavar="COLUMN=TEXT",
        help="a search to run here, whose results verify compares; COLUMN is the text column; may be repeated",
    )  # fmt: skip
    add_functions(parser)


def add_load(parser: argparse.ArgumentParser) -> None:
    add_server(parser)
    parser.add_argument(
        "--model", action="append", default=[], metavar="COLUMN=MODEL",
        help="AkiDB's model that made the vectors of the text column COLUMN; they stay, and new rows are embedded by "
        "it. Without it the vectors are kept as plain values; may be repeated",
    )  # fmt: skip


def add_server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--server", help="address of AkiDB; else AKIDB_URL, else http://127.0.0.1:8080")
    parser.add_argument("--name", help="name of the table in AkiDB; Pixeltable's path unless said")


def add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--least-overlap", type=float, default=0.9, help="least share of equal results of a search (0.9)"
    )


def run_export(options: argparse.Namespace) -> int:
    # Pixeltable is imported for these commands alone
    from .export import export_table

    return export_table(options.table, options.to, options.search, options.functions)


def run_load(options: argparse.Namespace) -> int:
    from .load import load_table

    with AkiDB(options.server) as db:
        return load_table(options.folder, db, options.name, options.model)


def run_verify(options: argparse.Namespace) -> int:
    from .verify import verify_table

    with AkiDB(options.server) as db:
        return verify_table(options.folder, db, options.name, options.least_overlap)


def run_move(options: argparse.Namespace) -> int:
    options.folder = options.to
    if not (options.folder / "schema.json").exists():
        run_export(options)
    with AkiDB(options.server) as db:
        name = options.name or read_json(options.folder, "schema.json")["path"]
        where = {"table": name, "server": db.url}
        loaded = options.folder / "loaded.json"
        if not loaded.exists() or read_json(options.folder, loaded.name) != where:
            run_load(options)
            write_json(loaded, where)
    return run_verify(options)


def run_functions(options: argparse.Namespace) -> int:
    from .export import list_functions

    return list_functions(options.functions)


if __name__ == "__main__":
    sys.exit(main())
