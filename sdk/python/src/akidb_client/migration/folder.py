"""Reads what `export` wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import MigrationError


def read_json(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError as problem:
        raise MigrationError(f"{folder} is no folder that export wrote: {problem}") from problem
    except ValueError as problem:
        raise MigrationError(f"{folder / name} is damaged: {problem}") from problem


def read_rows(folder: Path) -> Iterator[dict[str, Any]]:
    with open(folder / "rows.ndjson", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def write_json(file: Path, content: Any) -> None:
    """All of it or nothing."""
    part = file.with_name(file.name + ".part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    part.replace(file)
