"""bench insert: durable inserts of documents with vectors, and of rows; each is acknowledged after it is on the disk."""

import itertools

from . import corpus, load, table, vectors
from .server import Server


def add_arguments(parser):
    parser.add_argument("--seconds", type=float, default=10, help="length of a timed run (10)")
    parser.add_argument("--only", choices=("documents", "rows"), help="half of it")


def main(options):
    if options.only != "rows":
        _documents(options)
    if options.only != "documents":
        _rows(options)


def _documents(options):
    texts, documents = vectors.corpus_vectors(10_000)
    bodies = list(vectors.documents(texts, documents))
    with Server(options=options.server) as server:
        rows = []
        for name, clients, size in (("one by one", 1, 1), ("one by one", 32, 1), ("500 a request", 1, 500), ("500 a request", 2, 500)):
            collection = f"insert-{clients}-{size}"
            server.call("POST", "/collections", {"name": collection, "dimension": vectors.DIMENSION, "metric": "cosine"})
            requests = _requests(collection, bodies, size)
            result = server.measured(lambda: load.closed_loop(server.port, requests, clients, options.seconds))
            rows.append(
                (
                    name,
                    clients,
                    result.per_second * size,
                    result.percentile(0.5),
                    result.percentile(0.99),
                    result.cpu_milliseconds / size,
                    result.errors or "none",
                )
            )
        heads = ("documents", "clients", "documents/s", "p50 ms", "p99 ms", "server CPU ms each", "errors")
        table.show("Durable inserts, 384 dimensions, JSON", heads, rows)
        print(f"Resident memory afterwards: {server.resident_megabytes():.0f} MB")


def _requests(collection, bodies, size):
    """Encoded before the clock starts; more than any run uses comes from encoding as it goes."""
    path = f"/collections/{collection}/documents"

    def make(number):
        chosen = [{**bodies[(number * size + i) % len(bodies)], "id": f"{number}-{i}"} for i in range(size)]
        return load.encode("POST", path, chosen[0] if size == 1 else {"documents": chosen})

    ready = [make(number) for number in range(30_000 // size if size > 1 else 20_000)]
    return itertools.chain(ready, (make(number) for number in itertools.count(len(ready))))


def _rows(options):
    texts = corpus.short(corpus.glosses())
    with Server(options=options.server) as server:
        rows = []
        server.call("POST", "/api/v1/tables", {"name": "warm-up", "columns": COLUMNS, "primary_key": "id"})
        load.closed_loop(server.port, _row_requests("warm-up", texts, "JSON"), 2, options.seconds)
        for form, clients in (("JSON", 1), ("JSON", 2), ("NDJSON", 1), ("NDJSON", 2)):
            name = f"insert-{form}-{clients}"
            server.call("POST", "/api/v1/tables", {"name": name, "columns": COLUMNS, "primary_key": "id"})
            requests = _row_requests(name, texts, form)
            result = server.measured(lambda: load.closed_loop(server.port, requests, clients, options.seconds))
            rows.append(
                (
                    form,
                    clients,
                    result.per_second * ROWS,
                    result.percentile(0.5),
                    result.percentile(0.99),
                    1000 * result.cpu_milliseconds / ROWS,
                    result.errors or "none",
                )
            )
        heads = ("rows", "clients", "rows/s", "p50 ms", "p99 ms", "server CPU µs each", "errors")
        table.show(f"Durable inserts of rows, five scalar columns, {ROWS:,} a request", heads, rows)
        print(f"Resident memory afterwards: {server.resident_megabytes():.0f} MB")


ROWS = 1_000
COLUMNS = [
    {"name": "id", "type": "int"},
    {"name": "text", "type": "string"},
    {"name": "language", "type": "string"},
    {"name": "quality", "type": "float"},
    {"name": "at", "type": "timestamp"},
]


def _row_requests(name, texts, form):
    """Encoded before the clock starts, like those of documents."""
    path = f"/api/v1/tables/{name}/rows"

    def row(number):
        return {
            "id": number,
            "text": texts[number % len(texts)],
            "language": ("java", "ts", "python")[number % 3],
            "quality": number % 1000 / 7,
            "at": f"2026-03-{1 + number % 28:02}T09:{number % 60:02}:00Z",
        }

    def make(number):
        rows = [row(number * ROWS + i) for i in range(ROWS)]
        if form == "JSON":
            return load.encode("POST", path, {"rows": rows})
        return load.encode_lines("POST", path, rows)

    ready = [make(number) for number in range(600)]
    return itertools.chain(ready, (make(number) for number in itertools.count(len(ready))))
