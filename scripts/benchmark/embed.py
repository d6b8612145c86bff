"""bench embed: throughput and latency of POST /embed at 1, 8, 32 and 100 clients; then raw ONNX Runtime in process."""

import itertools

from . import corpus, in_process, load, table
from .server import Server

CLIENTS = (1, 8, 32, 100)


def add_arguments(parser):
    parser.add_argument("--seconds", type=float, default=10, help="length of a timed run (10)")
    parser.add_argument("--rounds", type=int, default=2, help="timed runs of each kind (2)")
    parser.add_argument("--clients", type=int, nargs="+", default=CLIENTS)
    parser.add_argument("--http-only", action="store_true", help="leave out raw ONNX Runtime in process")


def main(options):
    glosses = corpus.glosses()
    workloads = {
        "1 short text": _requests(corpus.short(glosses), 1),
        "1 mixed text": _requests(glosses, 1),
        "32 mixed texts": _requests(glosses, 32),
    }
    with Server(options=options.server) as server:
        for requests in workloads.values():
            load.closed_loop(server.port, requests, 8, seconds=3)
        results = {}
        for _ in range(options.rounds):
            for kind, clients in itertools.product(workloads, options.clients):
                if clients > 32 and kind.startswith("32"):
                    continue
                result = server.measured(
                    lambda: load.closed_loop(server.port, workloads[kind], clients, options.seconds)
                )
                results.setdefault((kind, clients), load.Result()).merge(result)
        rows = [
            (
                kind,
                clients,
                result.per_second,
                result.per_second * (32 if kind.startswith("32") else 1),
                result.percentile(0.5),
                result.percentile(0.95),
                result.percentile(0.99),
                result.cpu_milliseconds,
                result.errors or "none",
            )
            for (kind, clients), result in results.items()
        ]
        heads = ("a request", "clients", "requests/s", "texts/s", "p50 ms", "p95 ms", "p99 ms", "server CPU ms", "errors")
        table.show("POST /embed, all texts distinct", heads, rows)
        print(f"Resident memory afterwards: {server.resident_megabytes():.0f} MB", flush=True)
    if not options.http_only:
        in_process.run("com.akidb.embedding.EmbeddingBenchmark", seconds=options.seconds, rounds=options.rounds)


def _requests(texts, size):
    """Requests for ever, marked so that no text comes twice, be it by another kind of request."""

    def forever():
        for turn in itertools.count():
            mark = f" {size}-{turn}"
            for at in range(0, len(texts) - size + 1, size):
                yield load.encode("POST", "/embed", {"texts": [text + mark for text in texts[at : at + size]]})

    return forever()
