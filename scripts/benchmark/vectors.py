"""Real vectors of real texts: the glosses, embedded once by the server itself and kept in the cache."""

import base64
import itertools

import numpy

from . import corpus, load
from .server import Server

DIMENSION = 384


def corpus_vectors(rows):
    """The first so many glosses and their unit vectors, float32."""
    texts = corpus.glosses()[:rows]
    return texts, _kept("documents", texts)


def query_vectors(count):
    """The last so many glosses, which no corpus here holds, and their vectors."""
    texts = corpus.glosses()[-count:]
    return texts, _kept("queries", texts)


def nearest(vectors, queries, count, passing=None):
    """The exact answer: row numbers of the nearest, by cosine, among the rows that pass."""
    chosen = numpy.arange(len(vectors)) if passing is None else numpy.flatnonzero(passing)
    scores = queries @ vectors[chosen].T
    best = numpy.argpartition(-scores, min(count, scores.shape[1] - 1), axis=1)[:, :count]
    order = numpy.argsort(-numpy.take_along_axis(scores, best, 1), axis=1)
    return chosen[numpy.take_along_axis(best, order, 1)]


def _kept(name, texts):
    file = corpus.CACHE / f"{name}-{len(texts)}.npy"
    if not file.exists():
        corpus.CACHE.mkdir(parents=True, exist_ok=True)
        print(f"Embedding {len(texts)} texts once; they are kept in {file} ...", flush=True)
        numpy.save(file, _embed(texts))
    return numpy.load(file)


def _embed(texts):
    parts = []
    with Server(port=8790) as server:
        for at in range(0, len(texts), 32):
            body = {"input": texts[at : at + 32], "model": "all-minilm-l6-v2", "encoding_format": "base64"}
            for item in server.call("POST", "/v1/embeddings", body)["data"]:
                parts.append(numpy.frombuffer(base64.b64decode(item["embedding"]), dtype="<f4"))
    return numpy.stack(parts)


def documents(texts, vectors):
    """Documents with vectors and a number from 0 to 99 to filter by, spread evenly and apart from the meaning."""
    for row, (text, vector) in enumerate(zip(texts, vectors)):
        yield {
            "id": str(row),
            "text": text,
            "vector": [round(float(x), 7) for x in vector],
            "metadata": {"bucket": bucket(row), "source": "wordnet"},
        }


def bucket(row):
    return (row * 7919) % 100


def batches(items, size):
    items = iter(items)
    while batch := list(itertools.islice(items, size)):
        yield batch


def fill(server, name, texts, vectors):
    """A new collection with all documents."""
    server.call("POST", "/collections", {"name": name, "dimension": DIMENSION, "metric": "cosine"})
    requests = (
        load.encode("POST", f"/collections/{name}/documents", {"documents": batch})
        for batch in batches(documents(texts, vectors), 500)
    )
    result = load.closed_loop(server.port, requests, 2)
    if result.errors:
        raise SystemExit(f"could not fill the collection: {result.errors}")
