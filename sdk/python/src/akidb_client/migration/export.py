"""Writes a table of Pixeltable into a folder: schema.json, rows.ndjson, searches.json."""

from __future__ import annotations

import importlib
import importlib.util
import json
import math
import time
import uuid
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pixeltable as pxt

from .._progress import Bar
from . import MigrationError
from .folder import write_json
from .schema import Schema, of_texts, read_schema

RESULTS_OF_A_SEARCH = 10


def export_table(path: str, folder: Path, searches: list[str], modules: list[str], progress: bool = True) -> int:
    """A folder of an export that was interrupted is written anew: a table is read as it is at one moment."""
    table = find_table(path, modules)
    if (folder / "schema.json").exists():
        raise MigrationError(f"{folder} holds an export already; name a folder that does not")
    metadata = metadata_of(table)
    schema = read_schema(metadata)
    wanted = [search_of(schema, search) for search in searches]
    folder.mkdir(parents=True, exist_ok=True)
    count = write_rows(table, schema, folder / "rows.ndjson", progress)
    write_json(folder / "searches.json", [run_search(table, schema, embedding, text) for embedding, text in wanted])
    # last, as the sign that all is there
    where = metadata["path"].replace(".", "/")
    write_json(folder / "schema.json", {"table": metadata["name"], "path": where, "rows": count, **vars(schema)})
    report(schema, count, folder)
    return 0


def find_table(path: str, modules: list[str]) -> Any:
    for module in modules:
        importlib.import_module(module)
    try:
        table = pxt.get_table(path, if_not_exists="ignore")
    except pxt.Error as problem:
        raise MigrationError(
            f"Pixeltable cannot open '{path}': {problem} (does --functions name the modules of its functions?)"
        ) from problem
    if table is None:
        raise MigrationError(f"Pixeltable has no table '{path}'; it has {', '.join(pxt.list_tables()) or 'none'}")
    return table


class _OfVectors(dict[Any, Any]):
    """Functions of an index by the type of its column; a column of vectors has none."""

    def __missing__(self, kind: Any) -> Any:
        return lambda column: "vectors"


def metadata_of(table: Any) -> Any:
    """What Pixeltable tells of a table; 0.7.21 fails at indexes on columns of vectors, unless it is helped."""
    try:
        return table.get_metadata()
    except KeyError:
        for index in table._tbl_version.get().idxs_by_name.values():
            if hasattr(index.idx, "embeddings"):
                index.idx.embeddings = _OfVectors(index.idx.embeddings)
        return table.get_metadata()


def list_functions(modules: list[str]) -> int:
    """Prints which columns and indexes of which tables are computed, and by what."""
    for module in modules:
        importlib.import_module(module)
    for path in sorted(pxt.list_tables()):
        try:
            metadata = metadata_of(find_table(path, []))
        except MigrationError as problem:
            print(f"{path}\t{problem}")
            continue
        for column in metadata["columns"].values():
            if column["is_computed"]:
                print(f"{path}\t{column['name']}\t{column['computed_with']}")
        for name, index in metadata["indexes"].items():
            if index["index_type"] == "embedding":
                print(f"{path}\tindex {name} on {index['columns'][0]}\t{index['parameters']['embedding']}")
    return 0


def write_rows(table: Any, schema: Schema, file: Path, progress: bool) -> int:
    """One JSON object per row. Row by row, so that a table need not fit into memory."""
    expressions = {}
    for column in schema.columns:
        reference = getattr(table, column["name"])
        expressions[column["name"]] = reference.fileurl if column["name"] in schema.media else reference
    for embedding in of_texts(schema.embeddings):
        reference = getattr(table, embedding["source"])
        expressions[embedding["column"]] = reference.embedding(idx=embedding["index"])
    bar = Bar(shown(progress), table.count(), "export", "rows")
    part = file.with_name(file.name + ".part")
    count = 0
    with open(part, "w", encoding="utf-8") as out, table.select(**expressions).cursor() as rows:
        for row in rows:
            values = {name: plain(row[name]) for name in expressions}
            for embedding in of_texts(schema.embeddings):
                vector = values[embedding["column"]]
                if vector is not None:
                    embedding["dimensions"] = len(vector)
            out.write(json.dumps(values, ensure_ascii=False, allow_nan=False) + "\n")
            count += 1
            bar.advance(1)
    part.replace(file)
    bar.close()
    return count


def shown(progress: bool) -> Any:
    """A bar where tqdm is installed."""
    return progress and importlib.util.find_spec("tqdm") is not None


def plain(value: Any) -> Any:
    """A value as JSON has it: times with their zone in UTC, vectors as lists of numbers."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise MigrationError(f"A column holds {value}, which JSON and AkiDB cannot hold; mend it before the export")
    listed = getattr(value, "tolist", None)
    return value if listed is None else listed()


def search_of(schema: Schema, search: str) -> tuple[dict[str, Any], str]:
    source, _, text = search.partition("=")
    for embedding in of_texts(schema.embeddings):
        if embedding["source"] == source and text:
            return embedding, text
    known = ", ".join(embedding["source"] for embedding in of_texts(schema.embeddings)) or "none"
    raise MigrationError(f"--search {search}: write COLUMN=TEXT with a column that has an embedding index ({known})")


def run_search(table: Any, schema: Schema, embedding: dict[str, Any], text: str) -> dict[str, Any]:
    similarity = getattr(table, embedding["source"]).similarity(string=text, idx=embedding["index"])
    key = schema.primary_key or embedding["source"]
    query = table.order_by(similarity, asc=False).limit(RESULTS_OF_A_SEARCH)
    query = query.select(found=getattr(table, key), score=similarity)
    query.collect()  # the first one loads what embeds
    begin = time.perf_counter()
    found = query.collect()
    took = time.perf_counter() - begin
    return {
        "column": embedding["column"],
        "text": text,
        "shown": key,
        "ms": round(took * 1000, 1),
        "results": [{"value": plain(row["found"]), "score": float(row["score"])} for row in found],
    }


def report(schema: Schema, count: int, folder: Path) -> None:
    print(f"{count} rows, {len(schema.columns)} columns, vectors of {len(schema.embeddings)} indexes: {folder}")
    for name, function in schema.functions.items():
        print(f"  {name}: its values are moved; the function {function} that computes it is not")
    for embedding in of_texts(schema.embeddings):
        print(
            f"  {embedding['column']}: vectors of {embedding['function']}; load --model {embedding['source']}=MODEL "
            "says which of AkiDB's models makes the same"
        )
    for name, reason in schema.left_out.items():
        print(f"  {name}: left out, {reason}")
