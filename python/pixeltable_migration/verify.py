"""Compares a table of AkiDB with the folder that it was loaded from."""

import json
import math
import struct
from pathlib import Path

from .folder import read_json, read_rows
from .server import Server, table_path

PAGE = 1_000


def verify_table(folder: Path, server: Server, name: str | None, least_overlap: float) -> int:
    schema = read_json(folder, "schema.json")
    path = table_path(name or schema["table"])
    checks = [
        check_count(schema, server, path),
        check_rows(folder, schema, server, path),
        *(check_search(search, server, path, least_overlap) for search in read_json(folder, "searches.json")),
    ]
    for good, what in checks:
        print(("same       " if good else "DIFFERENT  ") + what)
    return 0 if all(good for good, _ in checks) else 1


def check_count(schema: dict, server: Server, path: str) -> tuple:
    count = server.call("GET", path)["row_count"]
    return count == schema["rows"], f"{schema['rows']} rows there, {count} here"


def check_rows(folder: Path, schema: dict, server: Server, path: str) -> tuple:
    """Rows are matched by their values, since tables without a key have no other sign."""
    names = [column["name"] for column in schema["columns"]]
    names += [embedding["column"] for embedding in schema["embeddings"] if "dimensions" in embedding]
    here = {}
    for row in rows_of(server, path, names):
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


def rows_of(server: Server, path: str, names: list):
    cursor = None
    while True:
        body = {"select": names, "limit": PAGE, **({"cursor": cursor} if cursor else {})}
        page = server.call("POST", f"{path}/query", body)
        yield from page["rows"]
        cursor = page.get("next_cursor")
        if not cursor:
            return


def fingerprint(row: dict, names: list) -> str:
    """Equal for equal rows, however the two sides write numbers and times."""
    return json.dumps([plain(row.get(name)) for name in names], sort_keys=True, ensure_ascii=False)


def plain(value):
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        # Vectors are of 32-bit floats, which both sides write with as many digits as they like.
        return [float32(part) if isinstance(part, float) else plain(part) for part in value]
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return time_of(value) if isinstance(value, str) else value


def float32(number: float) -> float:
    return plain(struct.unpack("<f", struct.pack("<f", number))[0])


def time_of(text: str) -> str:
    """Fractions of seconds without the zeros at their end, which both sides write differently."""
    if len(text) > 19 and text.endswith("Z") and text[10] == "T" and "." in text:
        return text[:-1].rstrip("0").rstrip(".") + "Z"
    return text


def check_search(search: dict, server: Server, path: str, least_overlap: float) -> tuple:
    there = search["results"]
    body = {"query": search["text"], "column": search["column"], "limit": len(there), "include_score": True}
    here = server.call("POST", f"{path}/search/similarity", body)["results"]
    values = [hit["data"][search["shown"]] for hit in here]
    overlap = sum(hit["value"] in values for hit in there) / max(1, len(there))
    pairs = {hit["data"][search["shown"]]: hit["score"] for hit in here}
    gaps = [abs(hit["score"] - pairs[hit["value"]]) for hit in there if hit["value"] in pairs]
    gap = max(gaps, default=math.nan)
    return overlap >= least_overlap, f"search '{search['text']}': {overlap:.0%} of the results, scores within {gap:.4f}"
