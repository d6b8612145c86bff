"""Writes a table of Pixeltable into a folder: schema.json, rows.ndjson, searches.json."""

import importlib
import json
import math
import uuid
from datetime import date, datetime, timezone
from pathlib import Path

import pixeltable as pxt

from .failure import MigrationError
from .schema import Schema, read_schema

RESULTS_OF_A_SEARCH = 10


def export_table(path: str, folder: Path, searches: list, modules: list) -> int:
    for module in modules:
        importlib.import_module(module)
    table = pxt.get_table(path, if_not_exists="ignore")
    if table is None:
        raise MigrationError(f"Pixeltable has no table '{path}'; it has {', '.join(pxt.list_tables()) or 'none'}")
    if folder.exists():
        raise MigrationError(f"{folder} is there already; name a folder that is not")
    metadata = table.get_metadata()
    schema = read_schema(metadata)
    wanted = [search_of(schema, search) for search in searches]
    folder.mkdir(parents=True)
    count = write_rows(table, schema, folder / "rows.ndjson")
    write_json(folder / "schema.json", {"table": metadata["name"], "rows": count, **vars(schema)})
    write_json(folder / "searches.json", [run_search(table, schema, embedding, text) for embedding, text in wanted])
    report(schema, count, folder)
    return 0


def write_rows(table, schema: Schema, file: Path) -> int:
    """One JSON object per row. Row by row, so that a table need not fit into memory."""
    expressions = {}
    for column in schema.columns:
        reference = getattr(table, column["name"])
        expressions[column["name"]] = reference.fileurl if column["name"] in schema.media else reference
    for embedding in schema.embeddings:
        reference = getattr(table, embedding["source"])
        expressions[embedding["column"]] = reference.embedding(idx=embedding["index"])
    count = 0
    with open(file, "w", encoding="utf-8") as out, table.select(**expressions).cursor() as rows:
        for row in rows:
            values = {name: plain(row[name]) for name in expressions}
            for embedding in schema.embeddings:
                vector = values[embedding["column"]]
                if vector is not None:
                    embedding["dimensions"] = len(vector)
            out.write(json.dumps(values, ensure_ascii=False, allow_nan=False) + "\n")
            count += 1
    return count


def plain(value):
    """A value as JSON has it: times with their zone in UTC, vectors as lists of numbers."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise MigrationError(f"A column holds {value}, which JSON and AkiDB cannot hold; mend it before the export")
    return value.tolist() if hasattr(value, "tolist") else value


def search_of(schema: Schema, search: str) -> tuple:
    source, _, text = search.partition("=")
    for embedding in schema.embeddings:
        if embedding["source"] == source and text:
            return embedding, text
    known = ", ".join(embedding["source"] for embedding in schema.embeddings) or "none"
    raise MigrationError(f"--search {search}: write COLUMN=TEXT with a column that has an embedding index ({known})")


def run_search(table, schema: Schema, embedding: dict, text: str) -> dict:
    similarity = getattr(table, embedding["source"]).similarity(string=text, idx=embedding["index"])
    shown = schema.primary_key or embedding["source"]
    found = (
        table.order_by(similarity, asc=False)
        .limit(RESULTS_OF_A_SEARCH)
        .select(found=getattr(table, shown), score=similarity)
        .collect()
    )
    return {
        "column": embedding["column"],
        "text": text,
        "shown": shown,
        "results": [{"value": plain(row["found"]), "score": float(row["score"])} for row in found],
    }


def write_json(file: Path, content) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def report(schema: Schema, count: int, folder: Path) -> None:
    print(f"{count} rows, {len(schema.columns)} columns, vectors of {len(schema.embeddings)} indexes: {folder}")
    for name, function in schema.functions.items():
        print(f"  {name}: its values are moved; the function {function} that computes it is not")
    for embedding in schema.embeddings:
        print(f"  {embedding['column']}: vectors of {embedding['function']}; load --model {embedding['source']}=MODEL "
              "says which of AkiDB's models makes the same")
    for name, reason in schema.left_out.items():
        print(f"  {name}: left out, {reason}")
