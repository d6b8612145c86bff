"""bench insert: durable inserts of documents with vectors; each is acknowledged after it is on the disk and searchable."""

import itertools

from . import load, table, vectors
from .server import Server


def add_arguments(parser):
    parser.add_argument("--seconds", type=float, default=10, help="length of a timed run (10)")


def main(options):
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
