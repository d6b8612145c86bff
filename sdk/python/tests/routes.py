"""Every operation of the server by its id: how the client calls it with all that it takes, or why it does not.

The calls run against a real server, in this order, each over a fresh table `t` and a fresh collection `c`; `client` is one
that keeps no vectors of texts.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from akidb_client import AkiDB, ConflictError, ForbiddenError, InvalidRequestError, col

T, C, D = "t", "c", "one"
MODEL = "sentence-transformers/all-MiniLM-L6-v2"
YEAR = col("year") > 2000
OPENAI = "the dialect of OpenAI's API, for that API's clients"
REPLICAS = "for replicas, which have a client of their own"


@dataclass
class Covered:
    """A call that sends all that an operation takes, and what of it the client leaves out, with the reason."""

    call: Callable[[AkiDB], object]
    without: dict[str, str] = field(default_factory=dict)


KEPT = {
    "model_fingerprint": "sent with the vector of a text that is kept",
    "include_query_embedding": "sent with the vector of a text that is kept",
}
NEXT_PAGE = {"cursor": "sent from the second page on, which other tests do"}


def fill(client: AkiDB, path: str) -> None:
    """What calls of this path are about."""
    if "{table}" in path:
        _fill_table(client)
    if "{collection}" in path:
        _fill_collection(client)


def _fill_table(client: AkiDB) -> None:
    table = client.create_table(T, {"key": "string", "note": "string", "year": "int"}, primary_key="key")
    table.insert(
        [{"key": "a", "note": "Ford below the mill", "year": 2023}, {"key": "b", "note": "Soup", "year": 2024}]
    )
    table.add_embedding("vec", "note", model=MODEL).wait()
    table.create_text_index("note").wait()


def _fill_collection(client: AkiDB) -> None:
    collection = client.create_collection(C)
    collection.insert([{"id": D, "text": "Ford", "metadata": {"year": 2023}}, {"id": "two", "text": "Soup"}])
    collection.create_text_index()


def _search(client: AkiDB) -> None:
    table = client.table(T)
    table.search(
        "ford", "vec", limit=1, offset=1, where=YEAR, threshold=0.0, select=["note"], include_vectors=True, metric="cosine",
        hybrid="note", exact=True, input_type="query", explain=True,
    )  # fmt: skip
    table.search([1.0] * 384, "vec", mmr=0.5, ef=10)
    table.search(like="a", column="vec", group="year", probes=1)


def _search_collection(client: AkiDB) -> None:
    collection = client.collection(C)
    collection.search(
        "ford", limit=1, offset=1, where=YEAR, threshold=0.0, include_vectors=True, metric="cosine", hybrid=True, exact=True,
        input_type="query", explain=True,
    )  # fmt: skip
    collection.search([1.0] * 384, mmr=0.5, ef=10)
    collection.search(like=D, group="year", probes=1)


def _query(client: AkiDB) -> None:
    query = client.table(T).where(YEAR)
    query.select("note").limit(1).distinct().collect()
    query.order_by("note").offset(1).with_vectors().with_meta().collect()
    query.similar("ford", "vec").collect()
    query.count()
    query.group_by("year")
    query.explain()


def _add_column(client: AkiDB) -> None:
    client.table(T).add_column("more", "string", required=True, default="x")
    client.table(T).add_column("code", "string", unique=True)
    client.table(T).add_column("other", "embedding", dimensions=2, metric="euclidean")


def _documents(client: AkiDB) -> None:
    list(client.collection(C).find(ids=[D], include_vectors=True))
    list(client.collection(C).find(YEAR, page=1))
    client.collection(C).count(YEAR)


def _computed(client: AkiDB) -> None:
    table = client.table(T)
    table.add_embedding("new", "note", model=MODEL, auto_update=False, cache=False)
    table.add_column("kept", "embedding", dimensions=384, metric="cosine")
    table.add_embedding("kept", "note", model=MODEL, adopt=True)


def _refresh(client: AkiDB) -> None:
    client.table(T).computed("vec").refresh(YEAR, wait=True)


def _cancel(client: AkiDB) -> None:
    # nothing is being changed
    with contextlib.suppress(ConflictError, InvalidRequestError):
        client.table(T).computed("vec").cancel()


def _rebuild(client: AkiDB) -> None:
    index = client.table(T).create_vector_index("vec")
    index.wait()
    index.rebuild()
    index.wait()


def _token(client: AkiDB) -> None:
    client.create_table(T, {"note": "string", "year": "int"})
    # made in the name of an API key, and this server needs none; test_local.py makes some
    with contextlib.suppress(ForbiddenError):
        client.create_token("ada", expires_in=60, scopes=["read"], tables={T: {"columns": ["note"], "where": YEAR}})


def _backup(client: AkiDB) -> None:
    name = f"b-{uuid.uuid4().hex}"
    client.start_backup(name, include_keys=True, include_audit=True)
    while client.backup(name).state == "running":
        time.sleep(0.02)


ROUTES: dict[str, Covered | str] = {
    "embed": Covered(
        lambda client: client.embed(
            ["x"], model=MODEL, pooling="mean", normalize=True, dimensions=384, input_type="query", truncate=True
        ),
    ),
    "generateEmbeddings": Covered(lambda client: client.generate("x", MODEL, cache=False, normalize=True)),
    "listEmbeddingModels": Covered(lambda client: client.models()),
    "preloadEmbeddingModel": Covered(lambda client: client.preload_model(MODEL)),
    "getModelFile": "for clients that embed by themselves, which this package does not",
    "clearEmbeddingCache": Covered(lambda client: client.clear_embedding_cache()),
    "sql": Covered(lambda client: (client.sql("select ? as n", [1]), client.explain_sql("select 1 as n"))),
    "createEmbedding": OPENAI,
    "listModels": OPENAI,
    "getModel": OPENAI,
    "listCollections": Covered(lambda client: client.collections()),
    "createCollection": Covered(
        lambda client: client.create_collection("d", dimension=384, metric="cosine", model=MODEL, text_index=True)
    ),
    "getCollection": Covered(lambda client: client.collection(C).describe()),
    "deleteCollection": Covered(lambda client: client.drop_collection(C)),
    "listDocuments": Covered(
        lambda client: next(client.collection(C).documents(include_vectors=True, page=1)), NEXT_PAGE
    ),
    "insertDocuments": Covered(
        lambda client: client.collection(C).insert({"text": "x"}, on_conflict="error"),
        {name: "one document is sent as a list of one" for name in ("text", "vector", "id", "external_id", "metadata")},
    ),
    "updateDocuments": Covered(
        lambda client: (
            client.collection(C).update_where({}, ids=[D]),
            client.collection(C).update_where({}, YEAR),
        )
    ),
    "deleteDocuments": Covered(
        lambda client: (client.collection(C).delete_where(ids=[D]), client.collection(C).delete_where(YEAR))
    ),
    "queryDocuments": Covered(_documents, NEXT_PAGE),
    "getDocument": Covered(lambda client: client.collection(C).get(D, include_vector=True)),
    "updateDocument": Covered(lambda client: client.collection(C).update(D, text="x", vector=[1.0] * 384, metadata={})),
    "deleteDocument": Covered(lambda client: client.collection(C).delete(D)),
    "getCollectionTextIndex": Covered(lambda client: client.collection(C).text_index()),
    "createCollectionTextIndex": Covered(lambda client: client.collection(C).create_text_index()),
    "dropCollectionTextIndex": Covered(lambda client: client.collection(C).drop_text_index()),
    "searchCollection": Covered(
        _search_collection,
        {
            "model_fingerprint": "sent with the vector of a text that is kept, which collections do not",
            "include_query_embedding": "for vectors that are kept",
            "vector": "another name of query_vector",
            "k": "another name of limit",
            "include_metadata": "hits always show it",
        },
    ),
    "createTable": Covered(lambda client: client.create_table("u", {"a": "int"}, primary_key="a")),
    "listTables": Covered(lambda client: client.tables()),
    "describeTable": Covered(lambda client: client.table(T).describe()),
    "renameTable": Covered(lambda client: client.table(T).rename("u")),
    "dropTable": Covered(lambda client: client.drop_table(T)),
    "addColumn": Covered(_add_column),
    "renameColumn": Covered(lambda client: client.table(T).rename_column("year", "since")),
    "dropColumn": Covered(lambda client: client.table(T).drop_column("year")),
    "listIndexes": Covered(lambda client: client.table(T).indexes()),
    "createVectorIndex": Covered(
        lambda client: client.table(T).create_vector_index("vec", method="hnsw", metric="cosine", parameters={"m": 8})
    ),
    "createOrderedIndex": Covered(lambda client: client.table(T).create_index("year")),
    "createTextIndex": Covered(
        lambda client: (client.table(T).index("t_note_text"), client.table(T).create_text_index("key"))
    ),
    "getIndex": Covered(lambda client: client.table(T).index(client.table(T).indexes()[0].name).status()),
    "dropIndex": Covered(lambda client: client.table(T).index(client.table(T).indexes()[0].name).drop()),
    "rebuildIndex": Covered(_rebuild),
    "insertRows": Covered(lambda client: client.table(T).insert({"key": "c"}, on_conflict="replace", embed="async")),
    "updateRows": Covered(
        lambda client: (
            client.table(T).update({"year": 1}, YEAR, embed="async"),
            client.table(T).update_rows([{"key": "a", "year": 2}, {"key": "z", "year": 3}], if_missing="ignore"),
        )
    ),
    "deleteRows": Covered(lambda client: client.table(T).delete(YEAR)),
    "getRow": Covered(lambda client: client.table(T).get("a", include_vectors=True, include_meta=True)),
    "updateRow": Covered(lambda client: client.table(T).update_row("a", {"year": 1}, embed="async")),
    "deleteRow": Covered(lambda client: client.table(T).delete_row("a")),
    "queryRows": Covered(_query, NEXT_PAGE),
    "searchSimilar": Covered(_search, KEPT),
    "projectVectors": Covered(lambda client: client.table(T).projection("vec", by="year", limit=10)),
    "listComputedColumns": Covered(lambda client: client.table(T).computed_columns()),
    "createEmbeddingColumn": Covered(_computed),
    "getComputedColumn": Covered(lambda client: client.table(T).computed("vec").status(failed_after=1, failed_limit=1)),
    "changeComputedColumn": Covered(
        lambda client: client.table(T).computed("vec").change(model=MODEL, auto_update=True, cache=True)
    ),
    "refreshComputedColumn": Covered(_refresh),
    "retryComputedColumn": Covered(lambda client: client.table(T).computed("vec").retry(wait=True)),
    "pauseComputedColumn": Covered(lambda client: client.table(T).computed("vec").pause()),
    "resumeComputedColumn": Covered(lambda client: client.table(T).computed("vec").resume()),
    "cancelComputedChange": Covered(_cancel),
    "health": Covered(lambda client: client.health()),
    "healthReady": Covered(lambda client: client.health(part="ready")),
    "healthLive": Covered(lambda client: client.health(part="live")),
    "createToken": Covered(_token),
    "getCaller": Covered(lambda client: client.caller()),
    "listKeys": Covered(lambda client: client.keys()),
    "readAudit": Covered(lambda client: client.audit(limit=5, refused=True)),
    "getTraffic": Covered(lambda client: client.traffic()),
    "version": Covered(lambda client: client.version()),
    "metrics": Covered(lambda client: client.metrics()),
    "listBackups": Covered(lambda client: client.backups()),
    "startBackup": Covered(_backup),
    "getBackup": Covered(lambda client: [client.backup(backup.name) for backup in client.backups()]),
    "getVerification": Covered(lambda client: (client.verify(), client.verification())),
    "startVerification": Covered(lambda client: client.verify()),
    "getCompaction": Covered(lambda client: (client.compact(), client.compaction())),
    "startCompaction": Covered(lambda client: client.compact()),
    "pushMutations": REPLICAS,
    "pullChanges": REPLICAS,
    "syncSocket": REPLICAS,
    "syncEvents": REPLICAS,
    "welcome": "for people who look around; version() tells the same to programs",
}
