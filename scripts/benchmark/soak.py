"""bench soak: mixed load at a steady rate for minutes; memory over time and errors by status."""

import random
import time

from . import corpus, load, table, vectors
from .server import Server

#: out of 100 requests
MIX = (("embed", 40), ("search by vector", 25), ("search by text", 15), ("insert", 15), ("delete", 5))


def add_arguments(parser):
    parser.add_argument("--minutes", type=float, default=20, help="how long (20)")
    parser.add_argument("--rate", type=float, default=60, help="requests per second (60)")
    parser.add_argument("--seed", type=int, default=1)


def main(options):
    texts, documents = vectors.corpus_vectors(10_000)
    chance = random.Random(options.seed)
    with Server(options=options.server) as server:
        vectors.fill(server, "soak", texts, documents)
        samples, begun = [], time.perf_counter()
        every = max(5.0, options.minutes * 60 / 20)

        def tick(result):
            passed = time.perf_counter() - begun
            if passed >= len(samples) * every:
                samples.append((passed / 60, server.resident_megabytes(), sum(result.statuses.values()), dict(result.errors)))
                print(f"{passed:6.0f} s  {samples[-1][1]:.0f} MB  {samples[-1][2]} requests  errors {samples[-1][3]}", flush=True)

        requests = _requests(chance, texts, documents)
        result = server.measured(
            lambda: load.open_loop(server.port, requests, options.rate, options.minutes * 60, tick=tick)
        )
        samples.append((options.minutes, server.resident_megabytes(), sum(result.statuses.values()), dict(result.errors)))
        table.show("Soak: memory over time", ("minutes", "resident MB", "requests", "errors by status"), samples)
        heads = ("requests", "per s", "p50 ms", "p95 ms", "p99 ms", "server CPU ms", "errors by status")
        row = (
            sum(result.statuses.values()),
            result.per_second,
            result.percentile(0.5),
            result.percentile(0.95),
            result.percentile(0.99),
            result.cpu_milliseconds,
            result.errors or "none",
        )
        table.show(f"Soak: {options.minutes:g} minutes at {options.rate:g} requests/s, open loop", heads, [row])


def _requests(chance, texts, documents):
    """Inserts replace among 20,000 ids, and deletes take from those that are there, so the collection keeps its size."""
    kinds, weights = zip(*MIX)
    bodies = list(vectors.documents(texts, documents))
    living = dict.fromkeys(body["id"] for body in bodies)
    fresh = iter(corpus.glosses()[20_000:])
    marked = 0
    while True:
        kind = chance.choices(kinds, weights)[0]
        body = chance.choice(bodies)
        if kind == "embed" or kind == "search by text":
            text = next(fresh, None)
            if text is None:
                marked += 1
                fresh = iter(f"{gloss} {marked}" for gloss in corpus.glosses()[20_000:])
                text = next(fresh)
        if kind == "embed":
            yield load.encode("POST", "/embed", {"texts": [text]})
        elif kind == "search by text":
            yield load.encode("POST", "/collections/soak/search", {"query": text, "k": 10})
        elif kind == "search by vector":
            yield load.encode("POST", "/collections/soak/search", {"query_vector": body["vector"], "k": 10})
        elif kind == "insert" or len(living) < 5_000:
            number = str(chance.randrange(20_000))
            living[number] = None
            yield load.encode("POST", "/collections/soak/documents", {**body, "id": number})
        else:
            # The oldest: its insert was answered long ago.
            number = next(iter(living))
            del living[number]
            yield load.encode("DELETE", f"/collections/soak/documents/{number}")
