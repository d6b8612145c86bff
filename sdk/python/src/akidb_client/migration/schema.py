"""What a table of Pixeltable becomes in AkiDB."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SCALARS = {
    "String": "string",
    "Int": "int",
    "Float": "float",
    "Bool": "bool",
    "Timestamp": "timestamp",
    "Date": "string",
    "UUID": "string",
    "Json": "json",
}
MEDIA = ("Image", "Video", "Audio", "Document")
VECTOR = re.compile(r"^Array\[\((\d+),\),\s*float(16|32|64)\]$")
NULLABLE = " | None"
METRICS = {"cosine": "cosine", "ip": "inner_product", "l2": "euclidean"}


@dataclass
class Schema:
    """A table as AkiDB will have it, and what was left out or needs a person.

    Attributes:
        columns: As POST /api/v1/tables takes them.
        primary_key: Name of the key column; None for AkiDB's own row ids.
        embeddings: Vectors of embedding indexes: column, source, metric, dimensions, function. Of an index on a column of
            vectors the source is the column itself, and there is no function.
        media: Columns whose values become addresses of files.
        functions: Computed columns, whose values are moved and whose functions are not.
        left_out: Columns that AkiDB has no type for, with the reason.
        types: Pixeltable's own types, which its face on AkiDB keeps.
    """

    columns: list[dict[str, Any]] = field(default_factory=list)
    primary_key: str | None = None
    embeddings: list[dict[str, Any]] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    functions: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)


def read_schema(metadata: Mapping[str, Any]) -> Schema:
    """Reads what `Table.get_metadata` tells. Vectors of indexes get their dimensions from the first row later."""
    schema = Schema()
    keys = metadata.get("primary_key") or []
    if len(keys) == 1 and metadata["columns"][keys[0]]["type_"] in ("String", "Int"):
        schema.primary_key = keys[0]
    for column in metadata["columns"].values():
        add_column(schema, column)
    names = {column["name"] for column in schema.columns}
    vectors = {column["name"]: column for column in schema.columns if column["type"] == "embedding"}
    for name, index in metadata["indexes"].items():
        if index["index_type"] != "embedding":
            continue
        source = index["columns"][0]
        metric = METRICS[index["parameters"]["metric"]]
        if source in vectors:
            vectors[source]["metric"] = metric
            own = {"column": source, "source": source, "index": name, "metric": metric, "function": None}
            schema.embeddings.append({**own, "dimensions": vectors[source]["dimensions"]})
            continue
        target = free_name(f"{source}_embedding", names)
        names.add(target)
        schema.embeddings.append(
            {
                "column": target,
                "source": source,
                "index": name,
                "metric": metric,
                "function": index["parameters"]["embedding"],
            }
        )
    return schema


def of_texts(embeddings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Embeddings that become columns of their own, and not those of columns of vectors."""
    return [embedding for embedding in embeddings if embedding["column"] != embedding["source"]]


def add_column(schema: Schema, column: Mapping[str, Any]) -> None:
    name, kind = column["name"], column["type_"].removesuffix(NULLABLE)
    required = kind == column["type_"] and not column["is_computed"]
    vector = VECTOR.match(kind)
    if vector:
        schema.columns.append({"name": name, "type": "embedding", "dimensions": int(vector[1])})
    elif kind in SCALARS:
        schema.columns.append({"name": name, "type": SCALARS[kind], "required": required})
    elif kind in MEDIA:
        schema.columns.append({"name": name, "type": "string"})
        schema.media.append(name)
    else:
        schema.left_out[name] = f"AkiDB has no type for {kind}"
        return
    schema.types[name] = column["type_"]
    if column["is_computed"]:
        schema.functions[name] = column["computed_with"]


def free_name(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name
