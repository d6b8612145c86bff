"""bench search: speed, CPU and recall of searches by vector, by text and with filters."""

import itertools
import json

from . import corpus, load, table, vectors
from .server import Server

K = 10


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=10_000, help="documents (10000)")
    parser.add_argument("--seconds", type=float, default=5, help="length of a timed run (5)")
    parser.add_argument("--rounds", type=int, default=2, help="timed runs of each kind (2)")
    parser.add_argument("--queries", type=int, default=500, help="queries to measure recall with (500)")


def main(options):
    texts, documents = vectors.corpus_vectors(options.rows)
    _, queries = vectors.query_vectors(options.queries)
    with Server(options=options.server) as server:
        vectors.fill(server, "glosses", texts, documents)
        rows = []
        for percent in (100, 50, 10, 1):
            passing = [vectors.bucket(row) < percent for row in range(options.rows)]
            exact = vectors.nearest(documents, queries, K, passing)
            bodies = [_body(query, percent) for query in queries]
            recall = _recall(server, bodies, exact)
            for clients in (1, 8):
                result = _timed(server, options, clients, bodies)
                rows.append(_row(f"vector, {percent} % pass", clients, result, recall))
        rows += _text_searches(server)
        heads = ("search", "clients", "per s", "mean ms", "p50 ms", "p95 ms", "p99 ms", "server CPU ms", "recall@10", "errors")
        table.show(f"Searches in {options.rows} documents, {vectors.DIMENSION} dimensions, k = {K}", heads, rows)
        print(f"Resident memory afterwards: {server.resident_megabytes():.0f} MB")


def _body(query, percent):
    body = {"query_vector": [round(float(x), 7) for x in query], "k": K}
    if percent < 100:
        body["filter"] = [{"column": "metadata.bucket", "operator": "<", "value": percent}]
    return body


def _recall(server, bodies, exact):
    found = 0
    connection = load.Connection(server.port)
    for body, truth in zip(bodies, exact):
        connection.send(load.encode("POST", "/collections/glosses/search", body), 0)
        status = None
        while status is None:
            status = connection.receive()
        if status != 200:
            raise SystemExit(f"search failed: {connection.body()[:300]!r}")
        ids = {int(hit["id"]) for hit in json.loads(connection.body())["results"]}
        found += len(ids & set(truth.tolist()))
    connection.close()
    return found / exact.size


def _timed(server, options, clients, bodies):
    requests = [load.encode("POST", "/collections/glosses/search", body) for body in bodies]
    load.closed_loop(server.port, itertools.cycle(requests), clients, seconds=1.5)
    result = load.Result()
    for _ in range(options.rounds):
        result.merge(
            server.measured(
                lambda: load.closed_loop(server.port, itertools.cycle(requests), clients, options.seconds)
            )
        )
    return result


def _text_searches(server):
    """100 searches at once, each by a text that was never seen, its embedding included."""
    texts = corpus.short(corpus.glosses()[-5000:])[:1000]
    requests = [load.encode("POST", "/collections/glosses/search", {"query": text, "k": K}) for text in texts]
    result = server.measured(lambda: load.closed_loop(server.port, requests, 100))
    return [_row("text, distinct", 100, result, "")]


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
        result.cpu_milliseconds,
        recall if recall == "" else f"{recall:.4f}",
        result.errors or "none",
    )
