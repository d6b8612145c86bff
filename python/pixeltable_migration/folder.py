"""Reads what `export` wrote."""

import itertools
import json
from pathlib import Path
from typing import Iterator

from .failure import MigrationError


def read_json(folder: Path, name: str):
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError as problem:
        raise MigrationError(f"{folder} is no folder that export wrote: {problem}") from problem
    except ValueError as problem:
        raise MigrationError(f"{folder / name} is damaged: {problem}") from problem


def read_rows(folder: Path) -> Iterator[dict]:
    with open(folder / "rows.ndjson", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def batches(rows: Iterator[dict], size: int) -> Iterator[list]:
    while batch := list(itertools.islice(rows, size)):
        yield batch
