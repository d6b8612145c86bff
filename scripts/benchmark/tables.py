"""bench tables: searches of a table by text, filtered, hybrid, 100 at once; a computed column filled beside raw ONNX Runtime."""

import itertools
import time

import numpy

from . import corpus, fill, load, table, vectors
from .server import Server

K = 10
SEARCH = f"{fill.TABLE}/search/similarity"
INDEXES = f"{fill.TABLE}/indexes"
SELECTIVITIES = (0.1, 1, 10, 50, 90)


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=10_000, help="rows (10000)")
    parser.add_argument("--seconds", type=float, default=5, help="length of a timed run (5)")
    parser.add_argument("--port", type=int, default=8780, help="of the server that is started (8780)")
    parser.add_argument("--queries", type=int, default=200, help="queries to measure recall with (200)")
    parser.add_argument("--turns", type=int, help="fills beside raw ONNX Runtime (3; none with more than 10000 rows)")
    parser.add_argument("--data", help="a folder to keep the filled table in, which the next run with it starts from")


def main(options):
    texts = corpus.glosses()[: options.rows]
    fresh = iter(corpus.short(corpus.glosses()[options.rows :][-40_000:]))
    turns = (3 if options.rows <= 10_000 else 0) if options.turns is None else options.turns
    settings = ["--akidb.cache.max-size=8MB", *options.server]
    with Server(port=options.port, data=options.data, options=settings) as server:
        _prepare(server, texts)
        rows = [*_idle_and_filling(server, fresh, options), *_filtered(server, texts, options, fresh)]
        once = [_search(next(fresh)) for _ in range(500)]
        rows.append(_row("by text, 100 at once", 100, _run(server, once, 100)))
        same = _search("how to cross a river")
        rows.append(_row("the same text again", 1, _run(server, itertools.repeat(same), 1, options.seconds)))
        rows.append(_hybrid(server, fresh, options))
        rows.append(_generate(server, fresh, options))
        heads = ("search", "clients", "per s", "mean ms", "p50 ms", "p95 ms", "p99 ms", "server CPU ms", "recall@10", "errors")
        table.show(f"Similarity in a table of {options.rows} real texts, embedding included, limit {K}", heads, rows)
        if turns:
            fill.compare(server, texts, turns)


def _prepare(server, texts):
    """Makes the table unless an earlier run left it."""
    there = server.call("GET", "/api/v1/tables")["tables"]
    if not there:
        _make(server, texts)
        print(f"Filling {len(texts)} rows, about 600 a second ...", flush=True)
        fill.create(server, "vec")
    elif there[0]["row_count"] != len(texts):
        raise SystemExit(f"--data holds a table of {there[0]['row_count']} rows; give another folder for {len(texts)}")
    fill.wait(server, "vec")


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
        server.call("POST", f"{fill.TABLE}/rows", {"rows": rows})


def _bucket(row):
    """A number from 0 to 999, spread evenly and apart from the meaning."""
    return (row * 7919) % 1000


def _idle_and_filling(server, fresh, options):
    """Searches by text: with nobody else there, and while another column fills."""
    search = (_search(text) for text in fresh)
    _run(server, search, 1, 2)
    idle = _run(server, search, 1, options.seconds)
    fill.create(server, "other")
    meanwhile = _run(server, search, 1, options.seconds)
    if not fill.cells(server, "other")["pending"]:
        print("The fill ended before the searches beside it did; take more rows or fewer seconds.")
    server.call("DELETE", f"{fill.TABLE}/columns/other")
    times = meanwhile.percentile(0.95) / idle.percentile(0.95)
    yield _row("by text", 1, idle)
    yield _row(f"by text while a column fills: p95 {times:.2f} times as long", 1, meanwhile)


def _hybrid(server, fresh, options):
    text_index = [index for index in server.call("GET", INDEXES)["indexes"] if index["type"] == "text"]
    if not text_index:
        server.call("POST", f"{INDEXES}/text", {"columns": ["gloss"]})
    while any(index["status"] == "building" for index in server.call("GET", INDEXES)["indexes"]):
        time.sleep(0.2)
    hybrid = (_search(text, hybrid={"columns": ["gloss"]}) for text in fresh)
    return _row("hybrid", 1, _run(server, hybrid, 1, options.seconds))


def _generate(server, fresh, options):
    requests = (
        load.encode("POST", "/api/v1/embeddings/generate", {"text": list(texts), "model": fill.MODEL})
        for texts in iter(lambda: tuple(itertools.islice(fresh, 100)), ())
    )
    return _row("no search: generate 100 short texts", 1, _run(server, requests, 1, options.seconds))


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
        result = _run(server, requests, 1, options.seconds)
        yield _row(f"by text, two clauses, {percent} % pass", 1, result, f"{found / exact.size:.4f}")


def _vectors(server):
    """The vectors as the table has them, in the order of the rows."""
    stored, cursor = [], None
    while True:
        body = {"select": ["vec"], "order_by": [{"column": "id"}], "limit": 1_000, "cursor": cursor}
        page = server.call("POST", f"{fill.TABLE}/query", body)
        stored += [row["vec"] for row in page["rows"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return numpy.array(stored, dtype="float32")


def _run(server, requests, clients, seconds=None):
    return server.measured(lambda: load.closed_loop(server.port, requests, clients, seconds))


def _row(name, clients, result, recall=""):
    mean = 1000 * sum(result.latencies) / max(1, len(result.latencies))
    return (
        name,
        clients,
        result.per_second,
        mean,
        result.percentile(0.5),
        result.percentile(0.95),
        result.percentile(0.99),
        result.cpu_milliseconds,
        recall,
        result.errors or "none",
    )
