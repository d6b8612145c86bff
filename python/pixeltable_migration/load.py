"""Makes the table of an exported folder in a running AkiDB."""

import sys
from pathlib import Path

from .failure import MigrationError
from .folder import batches, read_json, read_rows
from .server import Server, table_path

ROWS_OF_A_REQUEST = 500


def load_table(folder: Path, server: Server, name: str | None, models: list) -> int:
    schema = read_json(folder, "schema.json")
    name = name or schema["table"]
    chosen = models_by_source(schema, models)
    server.call("POST", "/api/v1/tables", definition(schema, name))
    path = table_path(name)
    done = 0
    for batch in batches(read_rows(folder), ROWS_OF_A_REQUEST):
        server.call("POST", f"{path}/rows", {"rows": batch, "on_conflict": "error"})
        done += len(batch)
        print(f"\r{done} of {schema['rows']} rows", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for embedding in schema["embeddings"]:
        finish(server, path, embedding, chosen.get(embedding["source"]))
    print(f"{done} rows are in table '{name}' of {server.address}")
    return 0


def models_by_source(schema: dict, models: list) -> dict:
    chosen = {}
    known = {embedding["source"] for embedding in schema["embeddings"]}
    for pair in models:
        source, _, model = pair.partition("=")
        if source not in known or not model:
            raise MigrationError(f"--model {pair}: write COLUMN=MODEL with one of the columns {', '.join(sorted(known))}")
        chosen[source] = model
    return chosen


def definition(schema: dict, name: str) -> dict:
    columns = schema["columns"] + [
        {
            "name": embedding["column"],
            "type": "embedding",
            "dimensions": embedding["dimensions"],
            "metric": embedding["metric"],
        }
        for embedding in schema["embeddings"]
        if "dimensions" in embedding
    ]
    wanted = {"name": name, "columns": columns}
    if schema["primary_key"]:
        wanted["primary_key"] = schema["primary_key"]
    return wanted


def finish(server: Server, path: str, embedding: dict, model: str | None) -> None:
    """The vectors stay as they are; with a model, new and changed rows are embedded from now on."""
    if "dimensions" not in embedding:
        print(f"{embedding['column']}: no row has a vector, so it was left out", file=sys.stderr)
        return
    if model:
        server.call(
            "POST",
            f"{path}/columns/computed/embedding",
            {
                "name": embedding["column"],
                "source_column": embedding["source"],
                "model": model,
                "adopt": True,
            },
        )
    server.call(
        "POST",
        f"{path}/indexes/vector",
        {"column": embedding["column"], "method": "hnsw", "metric": embedding["metric"]},
    )
