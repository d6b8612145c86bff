"""bench space: documents come and go for minutes, and the database's file levels off and gets smaller when they are gone."""

import random
import time
import urllib.request

import numpy

from . import table
from .server import Server

DIMENSION = 384
BATCH = 100
WAVE = 10
"""Every so many turns half of the documents go at once."""


def add_arguments(parser):
    parser.add_argument("--minutes", type=float, default=10, help="how long documents come and go (10)")
    parser.add_argument("--documents", type=int, default=5_000, help="documents that are there at most (5000)")
    parser.add_argument("--seed", type=int, default=1)


def main(options):
    chance, vectors = random.Random(options.seed), numpy.random.default_rng(options.seed)
    with Server(options=options.server) as server:
        server.call("POST", "/collections", {"name": "space", "dimension": DIMENSION})
        living, inserted, deleted, number, turn = [], 0, 0, 0, 0
        samples, begun = [], time.perf_counter()
        every = options.minutes * 60 / 20

        def sample():
            sizes = _sizes(server)
            samples.append(((time.perf_counter() - begun) / 60, len(living), inserted, deleted, *sizes))
            print("  ".join(f"{value:.1f}" if isinstance(value, float) else str(value) for value in samples[-1]), flush=True)

        def remove(keys):
            for first in range(0, len(keys), 1000):
                server.call("DELETE", "/collections/space/documents", {"ids": keys[first : first + 1000]})

        while time.perf_counter() - begun < options.minutes * 60:
            documents = []
            for vector in vectors.standard_normal((BATCH, DIMENSION), dtype="float32"):
                number += 1
                text = "word " * chance.randrange(5, 300)
                documents.append({"id": str(number), "text": text, "vector": [round(float(x), 4) for x in vector]})
            server.call("POST", "/collections/space/documents", {"documents": documents})
            living += [document["id"] for document in documents]
            inserted += BATCH
            if len(living) > options.documents:
                turn += 1
                gone = len(living) // 2 if turn % WAVE == 0 else BATCH
                # The oldest, or any: then no page is free as a whole at first.
                if turn % 2:
                    chance.shuffle(living)
                remove(living[:gone])
                del living[:gone]
                deleted += gone
            if (time.perf_counter() - begun) >= len(samples) * every:
                sample()
        sample()
        remove(living)
        deleted += len(living)
        living = []
        time.sleep(10)
        sample()
        heads = ("minutes", "documents", "inserted", "deleted", "database MB", "of it free MB", "log MB")
        table.show(f"Space: at most {options.documents} documents of {DIMENSION} dimensions; all are gone in the last line", heads, samples)


def _sizes(server):
    """Megabytes of the database, of its free pages and of its log, by the server's metrics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics") as answer:
        text = answer.read().decode()
    found = {line.split(" ")[0]: float(line.split(" ")[1]) for line in text.splitlines() if line.startswith("akidb_database_")}
    return tuple(found[f"akidb_database_{name}bytes"] / 1e6 for name in ("", "free_", "wal_"))

