"""bench soak: mixed load at a steady rate for minutes, everything on; memory and files over time, errors by status."""

import random
import time

from . import corpus, fill, load, table, vectors
from .server import Server

#: out of 100 requests
MIX = (
    ("embed", 30),
    ("search by vector", 20),
    ("search by text", 10),
    ("insert", 12),
    ("delete", 4),
    ("row", 10),
    ("update", 4),
    ("similarity", 5),
    ("sql", 5),
)
#: out of 10,000 requests, and besides one scheduled backup a minute, of which three are kept
RARE = (("fill", 3), ("compact", 2), ("verify", 1))
BACKUPS = ("--akidb.backup.schedule=1m", "--akidb.backup.keep=3")
NOTES = "/api/v1/tables/notes"
KEYS = 2_000


def add_arguments(parser):
    parser.add_argument("--minutes", type=float, default=20, help="how long (20)")
    parser.add_argument("--rate", type=float, default=60, help="requests per second (60)")
    parser.add_argument("--seed", type=int, default=1)


def main(options):
    texts, documents = vectors.corpus_vectors(10_000)
    chance = random.Random(options.seed)
    with Server(options=[*BACKUPS, *options.server]) as server:
        vectors.fill(server, "soak", texts, documents)
        _make_notes(server, texts)
        samples, begun = [], time.perf_counter()
        every = max(5.0, options.minutes * 60 / 20)

        def tick(result):
            passed = time.perf_counter() - begun
            if passed >= len(samples) * every:
                samples.append(sample(passed, result))
                print("  ".join(f"{value:.1f}" if isinstance(value, float) else str(value) for value in samples[-1]), flush=True)

        def sample(passed, result):
            return passed / 60, server.resident_megabytes(), *_sizes(server), sum(result.statuses.values()), result.errors or "none"

        requests = _requests(chance, texts, documents)
        result = server.measured(
            lambda: load.open_loop(server.port, requests, options.rate, options.minutes * 60, tick=tick)
        )
        samples.append(sample(options.minutes * 60, result))
        heads = ("minutes", "resident MB", "database MB", "log MB", "indexes MB", "backups MB", "requests", "errors by status")
        table.show("Soak: memory and files over time", heads, samples)
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


def _sizes(server):
    """Megabytes of the database, its log, what is kept of indexes, and the backups."""

    def size(*patterns):
        files = (file for pattern in patterns for file in server.data.glob(pattern))
        return sum(_size(file) for file in files) / 1e6

    return size("akidb.db"), size("akidb.db-wal"), size("indexes/**/*"), size("backups/**/*")


def _size(file):
    try:
        return file.stat().st_size if file.is_file() else 0
    except FileNotFoundError:
        return 0


def _make_notes(server, texts):
    columns = [
        {"name": "id", "type": "int", "required": True},
        {"name": "note", "type": "string"},
        {"name": "score", "type": "float"},
    ]
    server.call("POST", "/api/v1/tables", {"name": "notes", "primary_key": "id", "columns": columns})
    server.call("POST", f"{NOTES}/columns/computed/embedding", {"name": "meaning", "source_column": "note", "model": fill.MODEL})
    rows = [_note(i, texts[i], 0.5) for i in range(KEYS)]
    for i in range(0, KEYS, 500):
        server.call("POST", f"{NOTES}/rows", {"rows": rows[i : i + 500]})


def _clause(column, operator, value):
    return {"column": column, "operator": operator, "value": value}


def _note(number, text, score):
    return {"id": number, "note": text, "score": score}


def _requests(chance, texts, documents):
    """Inserts replace among 20,000 ids, and deletes take from those that are there, so the collection keeps its size."""
    kinds, weights = zip(*((kind, 100 * weight) for kind, weight in MIX), *RARE)
    bodies = list(vectors.documents(texts, documents))
    living = dict.fromkeys(body["id"] for body in bodies)
    fresh = iter(corpus.glosses()[20_000:])
    marked = 0
    while True:
        kind = chance.choices(kinds, weights)[0]
        body = chance.choice(bodies)
        if kind in ("embed", "search by text", "row", "similarity"):
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
        elif kind == "row":
            note = _note(chance.randrange(KEYS), text, chance.random())
            yield load.encode("POST", f"{NOTES}/rows", {"rows": [note], "on_conflict": "replace"})
        elif kind == "update":
            low = chance.random()
            where = [_clause("score", ">=", low), _clause("score", "<", low + 0.01)]
            yield load.encode("PATCH", f"{NOTES}/rows", {"where": where, "values": {"score": chance.random()}})
        elif kind == "similarity":
            yield load.encode("POST", f"{NOTES}/search/similarity", {"query": text, "column": "meaning", "limit": 10})
        elif kind == "sql":
            query = "select count(*) as n, avg(score) as mean from notes where score < ?"
            yield load.encode("POST", "/sql", {"query": query, "params": [chance.random()]})
        elif kind == "fill":
            path = f"{NOTES}/columns/computed/meaning/refresh"
            yield load.encode("POST", path, {"where": [_clause("id", "<", 100)], "wait": False})
        elif kind in ("compact", "verify"):
            yield load.encode("POST", f"/api/v1/{kind}")
        elif kind == "insert" or len(living) < 5_000:
            number = str(chance.randrange(20_000))
            living[number] = None
            yield load.encode("POST", "/collections/soak/documents", {**body, "id": number})
        else:
            # The oldest: its insert was answered long ago.
            number = next(iter(living))
            del living[number]
            yield load.encode("DELETE", f"/collections/soak/documents/{number}")
