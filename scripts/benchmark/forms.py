"""bench forms: durable inserts of documents from one client, their vectors as JSON arrays, base64 and Arrow."""

import base64
import io
import statistics

from . import load, table, vectors
from .server import Server

ARROW = "application/vnd.apache.arrow.stream"
FORMS = ("JSON arrays", "base64", "float16 in base64", "Arrow", "Arrow, float16")


def add_arguments(parser):
    parser.add_argument("--requests", type=int, default=100, help="requests of a timed run (100)")
    parser.add_argument("--size", type=int, default=1_000, help="documents a request (1,000, which is the most)")
    parser.add_argument("--repeats", type=int, default=3, help="timed runs of each form, in turn (3)")
    parser.add_argument("--port", type=int, default=8780, help="port of the server under test (8780)")


def main(options):
    texts, documents = vectors.corpus_vectors(10_000)
    with Server(port=options.port, options=options.server) as server:
        runs = {form: [] for form in FORMS}
        sizes = {}
        # The first round warms up and does not count.
        for round_ in range(options.repeats + 1):
            for form in FORMS:
                name = f"forms-{round_}-{FORMS.index(form)}"
                server.call("POST", "/collections", {"name": name, "dimension": vectors.DIMENSION, "metric": "cosine"})
                requests = [_request(name, form, texts, documents, options.size, number) for number in range(options.requests)]
                sizes[form] = len(requests[0]) / options.size
                result = server.measured(lambda: load.closed_loop(server.port, requests, 1))
                if result.errors:
                    raise SystemExit(f"{form}: {result.errors}")
                if round_:
                    runs[form].append(result)
                server.call("DELETE", f"/collections/{name}")
        rows = [
            (
                form,
                sizes[form],
                statistics.median(run.per_second for run in runs[form]) * options.size,
                statistics.median(run.percentile(0.5) for run in runs[form]),
                statistics.median(run.percentile(0.99) for run in runs[form]),
                statistics.median(1000 * run.cpu_milliseconds for run in runs[form]) / options.size,
            )
            for form in FORMS
        ]
        heads = ("vectors as", "bytes each", "documents/s", "p50 ms", "p99 ms", "server CPU µs each")
        table.show(f"Durable inserts, 384 dimensions, {options.size:,} documents a request, one client", heads, rows)


def _request(collection, form, texts, documents, size, number):
    """Encoded before the clock starts."""
    import pyarrow  # which no other benchmark needs

    path = f"/collections/{collection}/documents"
    chosen = [(number * size + i) % len(texts) for i in range(size)]
    ids = [f"{number}-{i}" for i in range(size)]
    if form.startswith("Arrow"):
        kind = "float16" if form.endswith("float16") else "float32"
        flat = pyarrow.array(documents[chosen].astype(kind).ravel())
        batch = pyarrow.record_batch(
            {
                "id": ids,
                "text": [texts[row] for row in chosen],
                "vector": pyarrow.FixedSizeListArray.from_arrays(flat, vectors.DIMENSION),
                "metadata": [f'{{"bucket":{vectors.bucket(row)},"source":"wordnet"}}' for row in chosen],
            }
        )
        stream = io.BytesIO()
        with pyarrow.ipc.new_stream(stream, batch.schema) as writer:
            writer.write_batch(batch)
        return load.encode_bytes("POST", path, stream.getvalue(), ARROW)
    return load.encode("POST", path, {"documents": [_document(i, texts[row], row, documents[row], form) for i, row in zip(ids, chosen)]})


def _document(id_, text, row, vector, form):
    if form == "JSON arrays":
        sent = [round(float(x), 7) for x in vector]
    elif form == "base64":
        sent = base64.b64encode(vector.astype("<f4").tobytes()).decode()
    else:
        sent = {"float16": base64.b64encode(vector.astype("<f2").tobytes()).decode()}
    return {"id": id_, "text": text, "vector": sent, "metadata": {"bucket": vectors.bucket(row), "source": "wordnet"}}
