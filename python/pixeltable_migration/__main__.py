"""Moves a table of Pixeltable to AkiDB: python -m pixeltable_migration export | load | verify.

`export` runs where Pixeltable is installed and writes a folder; `load` and `verify` need nothing but Python.
"""

import argparse
import sys
from pathlib import Path

from .failure import MigrationError


def main() -> int:
    options = read_options()
    try:
        return options.run(options)
    except MigrationError as problem:
        print(problem, file=sys.stderr)
        return 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pixeltable_migration", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True, metavar="export | load | verify")
    add_export(commands.add_parser("export", help="write a Pixeltable table into a folder"))
    add_load(commands.add_parser("load", help="make the table of such a folder in a running AkiDB"))
    add_verify(commands.add_parser("verify", help="compare counts, values, vectors and searches"))
    return parser.parse_args()


def add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", help="Pixeltable's path of the table, such as dir.code_layouts")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a folder that is not there yet")
    parser.add_argument(
        "--search", action="append", default=[], metavar="COLUMN=TEXT",
        help="a search to run here, whose results verify compares; COLUMN is the text column; may be repeated",
    )
    parser.add_argument(
        "--functions", action="append", default=[], metavar="MODULE",
        help="a Python module with user-defined functions that the table needs; may be repeated",
    )
    parser.set_defaults(run=run_export)


def run_export(options: argparse.Namespace) -> int:
    # Pixeltable is imported for this command alone.
    from .export import export_table

    return export_table(options.table, options.to, options.search, options.functions)


def add_load(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path)
    add_server(parser)
    parser.add_argument(
        "--model", action="append", default=[], metavar="COLUMN=MODEL",
        help="AkiDB's model that made the vectors of the text column COLUMN; they stay, and new rows are embedded by "
        "it. Without it the vectors are kept as plain values; may be repeated",
    )
    parser.set_defaults(run=run_load)


def run_load(options: argparse.Namespace) -> int:
    from .load import load_table

    return load_table(options.folder, server_of(options), options.name, options.model)


def add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path)
    add_server(parser)
    parser.add_argument("--least-overlap", type=float, default=0.9, help="least share of equal results of a search (0.9)")
    parser.set_defaults(run=run_verify)


def run_verify(options: argparse.Namespace) -> int:
    from .verify import verify_table

    return verify_table(options.folder, server_of(options), options.name, options.least_overlap)


def add_server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--server", default="http://127.0.0.1:8080", help="address of AkiDB (http://127.0.0.1:8080)")
    parser.add_argument("--name", help="name of the table in AkiDB; Pixeltable's unless said")


def server_of(options: argparse.Namespace):
    from .server import Server

    return Server(options.server)


if __name__ == "__main__":
    sys.exit(main())
