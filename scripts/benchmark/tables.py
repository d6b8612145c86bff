"""bench tables: fill a computed column beside raw ONNX Runtime; searches by text, filtered, repeated, hybrid, 100 at once."""

import itertools
import pathlib
import re
import tempfile
import time

import numpy

from . import corpus, in_process, load, table, vectors
from .server import Server

K = 10
SEARCH = "/api/v1/tables/glosses/search/similarity"
SELECTIVITIES = (0.1, 1, 10, 50, 90)


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=10_000, help="rows (10000)")
    parser.add_argument("--seconds", type=float, default=5, help="length of a timed run (5)")
    parser.add_argument("--port", type=int, default=8780, help="of the server that is started (8780)")
    parser.add_argument("--queries", type=int, default=200, help="queries to measure recall with (200)")


def main(options):
    texts = corpus.glosses()[: options.rows]
    fresh = iter(corpus.short(corpus.glosses()[-40_000:]))
    with Server(port=options.port, options=["--akidb.cache.max-size=8MB", *options.server]) as server:
        _make(server, texts)
        fill, idle, meanwhile = _fill(server, texts, fresh, options)
        rows = [_row("by text while the column fills", 1, meanwhile, "")]
        rows.append(_row("by text", 1, idle, ""))
        rows += _filtered(server, texts, options, fresh)
        once = [_search(next(fresh)) for _ in range(500)]
        rows.append(_row("by text, 100 at once", 100, load.closed_loop(server.port, once, 100), ""))
        same = _search("how to cross a river")
        rows.append(_row("the same text again", 1, load.closed_loop(server.port, itertools.repeat(same), 1, options.seconds), ""))
        server.call("POST", "/api/v1/tables/glosses/indexes/text", {"columns": ["gloss"]})
        while any(index["status"] == "building" for index in server.call("GET", "/api/v1/tables/glosses/indexes")["indexes"]):
            time.sleep(0.2)
        hybrid = (_search(text, hybrid={"columns": ["gloss"]}) for text in fresh)
        rows.append(_row("hybrid", 1, load.closed_loop(server.port, hybrid, 1, options.seconds), ""))
        heads = ("search", "clients", "per s", "mean ms", "p50 ms", "p95 ms", "p99 ms", "recall@10", "errors")
        table.show(f"Similarity in a table of {options.rows} real texts, embedding included, limit {K}", heads, rows)
    raw = _raw(texts)
    heads = ("filling", "texts/s", "of raw")
    table.show("A computed column", heads, [("raw ONNX Runtime", raw, 1.0), ("computed column, nobody else there", fill, fill / raw)])
    print(f"Search p95 while it fills: {meanwhile.percentile(0.95) / idle.percentile(0.95):.2f} times its idle value")


def _make(server, texts):
    columns = [
        {"name": "id", "type": "int"},
        {"name": "gloss", "type": "string"},
        {"name": "bucket", "type": "int"},
        {"name": "source", "type": "string"},
    ]
    server.call("POST", "/api/v1/tables", {"name": "glosses", "primary_key": "id", "columns": columns})
    for at in range(0, len(texts), 1_000):
        rows = [
            {"id": at + i + 1, "gloss": text, "bucket": _bucket(at + i), "source": "wordnet"}
            for i, text in enumerate(texts[at : at + 1_000])
        ]
        server.call("POST", "/api/v1/tables/glosses/rows", {"rows": rows})


def _bucket(row):
    """A number from 0 to 999, spread evenly and apart from the meaning."""
    return (row * 7919) % 1000


def _column(server, name):
    return server.call("GET", f"/api/v1/tables/glosses/columns/computed/{name}")["cells"]


def _create(server, name):
    # Without the cache, so that the second column is computed as the first one was.
    body = {"name": name, "source_column": "gloss", "model": "all-minilm-l6-v2", "cache": False}
    server.call("POST", "/api/v1/tables/glosses/columns/computed/embedding", body)


def _fill(server, texts, fresh, options):
    """Texts a second with nobody else there; then searches, idle and beside another fill."""
    begun = time.perf_counter()
    _create(server, "vec")
    while _column(server, "vec")["pending"]:
        time.sleep(0.1)
    fill = len(texts) / (time.perf_counter() - begun)
    search = (_search(text) for text in fresh)
    load.closed_loop(server.port, search, 1, seconds=2)
    idle = load.closed_loop(server.port, search, 1, options.seconds)
    _create(server, "other")
    meanwhile = load.closed_loop(server.port, search, 1, options.seconds)
    if not _column(server, "other")["pending"]:
        print("The fill ended before the searches beside it did; take more rows or fewer seconds.")
    server.call("DELETE", "/api/v1/tables/glosses/columns/other")
    return fill, idle, meanwhile


def _search(text, **more):
    return load.encode("POST", SEARCH, {"query": text, "column": "vec", "limit": K, **more})


def _filtered(server, texts, options, fresh):
    """Two clauses, of which one lets so much through; recall against the exact order of the same vectors."""
    stored = _vectors(server)
    queries = vectors.query_vectors(options.queries)[1]
    for percent in SELECTIVITIES:
        filters = [
            {"column": "bucket", "operator": "<", "value": round(percent * 10)},
            {"column": "source", "operator": "=", "value": "wordnet"},
        ]
        passing = numpy.array([_bucket(row) < percent * 10 for row in range(len(texts))])
        exact = vectors.nearest(stored, queries, min(K, int(passing.sum())), passing)
        found = 0
        for query, truth in zip(queries, exact):
            body = {"query": [float(x) for x in query], "column": "vec", "limit": K, "filters": filters, "select": ["id"]}
            hits = server.call("POST", SEARCH, body)["results"]
            found += len({hit["data"]["id"] - 1 for hit in hits} & set(truth.tolist()))
        requests = (_search(text, filters=filters) for text in fresh)
        result = load.closed_loop(server.port, requests, 1, options.seconds)
        yield _row(f"by text, two clauses, {percent} % pass", 1, result, f"{found / exact.size:.4f}")


def _vectors(server):
    """The vectors as the table has them, in the order of the rows."""
    stored, cursor = [], None
    while True:
        body = {"select": ["vec"], "order_by": [{"column": "id"}], "limit": 1_000, "cursor": cursor}
        page = server.call("POST", "/api/v1/tables/glosses/query", body)
        stored += [row["vec"] for row in page["rows"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return numpy.array(stored, dtype="float32")


def _raw(texts):
    """Texts a second of ONNX Runtime alone: texts of equal length together, one thread a core."""
    with tempfile.TemporaryDirectory() as scratch:
        file = pathlib.Path(scratch) / "texts.json"
        out = pathlib.Path(scratch) / "rate"
        file.write_text("\n".join(texts), encoding="utf-8")
        in_process.run("com.akidb.embedding.RawFillBenchmark", texts=file, rate=out)
        return float(re.search(r"[\d.]+", out.read_text()).group())


def _row(name, clients, result, recall):
    mean = 1000 * sum(result.latencies) / max(1, len(result.latencies))
    return (
        name,
        clients,
        result.per_second,
        mean,
        result.percentile(0.5),
        result.percentile(0.95),
        result.percentile(0.99),
        recall,
        result.errors or "none",
    )
