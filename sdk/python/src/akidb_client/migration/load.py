"""Makes the table of an exported folder in a running AkiDB. The same command goes on where an interrupted one stopped."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import AkiDB
from .._progress import Bar
from ..errors import ConflictError, NotFoundError
from . import MigrationError
from .folder import read_json, read_rows, write_json
from .schema import of_texts

ROWS_OF_A_REQUEST = 500
STATE = "load-state.json"


def load_table(folder: Path, db: AkiDB, name: str | None, models: list[str], progress: bool = True) -> int:
    schema = read_json(folder, "schema.json")
    name = str(name or schema["path"])
    chosen = models_by_source(schema, models)
    table = db.table(name)
    state = folder / STATE
    begun = state.exists() and read_json(folder, STATE) == {"table": name, "server": db.url}
    done = 0
    if begun and db.has_table(name):
        # rows go there in order, each request whole or not at all, so their number says how far it is
        done = table.count()
    else:
        write_json(state, {"table": name, "server": db.url})
        try:
            db.create_table(name, definition(schema), primary_key=schema["primary_key"])
        except ConflictError:
            state.unlink()
            raise MigrationError(f"AkiDB has a table '{name}' already; drop it, or say --name") from None
    bar = Bar(_shown(progress), schema["rows"], "load", "rows")
    bar.reach(done)
    rows = itertools.islice(read_rows(folder), done, None)
    while batch := list(itertools.islice(rows, ROWS_OF_A_REQUEST)):
        table.insert(batch, batch_rows=ROWS_OF_A_REQUEST, timeout=600)
        done += len(batch)
        bar.reach(done)
    bar.close()
    for embedding in schema["embeddings"]:
        finish(db, name, embedding, chosen.get(embedding["source"]))
    keep_types(db, name, schema, chosen)
    state.unlink()
    print(f"{done} rows are in table '{name}' of {db.url}")
    return 0


def _shown(progress: bool) -> Any:
    import importlib.util

    return progress and importlib.util.find_spec("tqdm") is not None


def models_by_source(schema: Mapping[str, Any], models: list[str]) -> dict[str, str]:
    chosen = {}
    known = {embedding["source"] for embedding in of_texts(schema["embeddings"])}
    for pair in models:
        source, _, model = pair.partition("=")
        if source not in known or not model:
            raise MigrationError(
                f"--model {pair}: write COLUMN=MODEL with one of the columns {', '.join(sorted(known))}"
            )
        chosen[source] = model
    return chosen


def definition(schema: Mapping[str, Any]) -> list[Any]:
    vectors = [
        {
            "name": embedding["column"],
            "type": "embedding",
            "dimensions": embedding["dimensions"],
            "metric": embedding["metric"],
        }
        for embedding in of_texts(schema["embeddings"])
        if "dimensions" in embedding
    ]
    return [*schema["columns"], *vectors]


def finish(db: AkiDB, name: str, embedding: Mapping[str, Any], model: str | None) -> None:
    """The vectors stay as they are; with a model, new and changed rows are embedded from now on."""
    if "dimensions" not in embedding:
        print(f"{embedding['column']}: no row has a vector, so it was left out")
        return
    table = db.table(name)
    if model and table.describe().column(embedding["column"]).computed is None:
        table.add_embedding(embedding["column"], embedding["source"], model=model, adopt=True)
    try:
        table.create_vector_index(embedding["column"], metric=embedding["metric"])
    except ConflictError:
        pass  # an interrupted load made it


def keep_types(db: AkiDB, name: str, schema: Mapping[str, Any], chosen: Mapping[str, str]) -> None:
    """Lets Pixeltable's face show the table as Pixeltable did: types, directories, indexes."""
    from ..pixeltable import _catalog
    from ..pixeltable._query import METRICS

    before = _catalog._connection.client
    try:
        _catalog.connect(db)
        for depth in range(1, name.count("/") + 1):
            try:
                _catalog.create_dir("/".join(name.split("/")[:depth]), if_exists="ignore")
            except Exception:
                return  # its name is no path of Pixeltable
        words = {theirs: ours for ours, theirs in METRICS.items()}
        indexes = {
            embedding["index"]: {
                "name": embedding["index"],
                "column": embedding["source"],
                "metric": words[embedding["metric"]],
                "stored_column": embedding["column"],
                "dimensions": embedding["dimensions"],
                "model": chosen.get(embedding["source"]),
            }
            for embedding in schema["embeddings"]
            if "dimensions" in embedding
        }
        _catalog.keep(name, {"kind": "table", "columns": schema["types"], "indexes": indexes})
    except NotFoundError:
        pass
    finally:
        _catalog._connection.client = before
