"""Compares a table of AkiDB with the folder that it was loaded from."""

from __future__ import annotations

import json
import math
import struct
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import AkiDB, InvalidRequestError, Table
from .folder import read_json, read_rows
from .schema import of_texts


def verify_table(folder: Path, db: AkiDB, name: str | None, least_overlap: float) -> int:
    schema = read_json(folder, "schema.json")
    table = db.table(name or schema["path"])
    checks = [
        check_count(schema, table),
        check_rows(folder, schema, table),
        *(check_search(search, table, least_overlap) for search in read_json(folder, "searches.json")),
    ]
    for good, what in checks:
        print(("same       " if good else "DIFFERENT  ") + what)
    return 0 if all(good for good, _ in checks) else 1


def check_count(schema: Mapping[str, Any], table: Table) -> tuple[bool, str]:
    count = table.describe().row_count
    return count == schema["rows"], f"{schema['rows']} rows there, {count} here"


def check_rows(folder: Path, schema: Mapping[str, Any], table: Table) -> tuple[bool, str]:
    """Rows are matched by their values, since tables without a key have no other sign."""
    names = [column["name"] for column in schema["columns"]]
    names += [embedding["column"] for embedding in of_texts(schema["embeddings"]) if "dimensions" in embedding]
    here: dict[str, list[Any]] = {}
    for row in table.select(*names).rows(timeout=600):
        here.setdefault(fingerprint(row, names), []).append(row)
    missing, example = 0, ""
    for row in read_rows(folder):
        same = here.get(fingerprint(row, names))
        if same:
            same.pop()
        else:
            missing += 1
            example = example or json.dumps({name: row[name] for name in names[:3]}, ensure_ascii=False)[:200]
    told = f"; the first: {example}" if missing else ""
    return missing == 0, f"values and vectors of {schema['rows'] - missing} of {schema['rows']} rows{told}"


def fingerprint(row: Mapping[str, Any], names: list[str]) -> str:
    """Equal for equal rows, however the two sides write numbers and times."""
    return json.dumps([plain(row.get(name)) for name in names], sort_keys=True, ensure_ascii=False)


def plain(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        # Vectors are of 32-bit floats, which both sides write with as many digits as they like.
        return [float32(part) if isinstance(part, float) else plain(part) for part in value]
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return time_of(value) if isinstance(value, str) else value


def float32(number: float) -> Any:
    return plain(struct.unpack("<f", struct.pack("<f", number))[0])


def time_of(text: str) -> str:
    """Fractions of seconds without the zeros at their end, which both sides write differently."""
    if len(text) > 19 and text.endswith("Z") and text[10] == "T" and "." in text:
        return text[:-1].rstrip("0").rstrip(".") + "Z"
    return text


def check_search(search: Mapping[str, Any], table: Table, least_overlap: float) -> tuple[bool, str]:
    there = search["results"]
    try:
        table.search(search["text"], search["column"], limit=max(1, len(there)), exact=True)
    except InvalidRequestError as problem:
        return False, f"search '{search['text']}': not possible, {problem.detail}"
    begin = time.perf_counter()
    here = table.search(search["text"], search["column"], limit=max(1, len(there)))
    took = (time.perf_counter() - begin) * 1000
    values = [hit[search["shown"]] for hit in here]
    overlap = sum(hit["value"] in values for hit in there) / max(1, len(there))
    pairs = {hit[search["shown"]]: hit.score for hit in here}
    gaps = [abs(hit["score"] - (pairs[hit["value"]] or 0)) for hit in there if hit["value"] in pairs]
    gap = max(gaps, default=math.nan)
    times = f"{search['ms']:g} ms there, {took:.1f} ms here" if "ms" in search else f"{took:.1f} ms here"
    what = f"search '{search['text']}': {overlap:.0%} of the results, scores within {gap:.4f}; {times}"
    return overlap >= least_overlap, what
