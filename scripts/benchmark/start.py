"""bench start: from the jar to ready, memory, and restarts with many rows, with and without a snapshot."""

import pathlib
import shutil
import signal
import tempfile

from . import load, table, vectors
from .server import HOME, Server


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the restarts; 0 leaves them out (100000)")
    parser.add_argument("--runs", type=int, default=3, help="starts of each kind; the median counts (3)")


def main(options):
    Server(options=options.server).__enter__().__exit__()  # builds and prepares
    rows = [_median("prepared by scripts/akidb", options, None), _median("java -jar, nothing prepared", options, _plain())]
    heads = ("start", "seconds to ready", "MB at ready", "MB after 200 texts")
    table.show("Starts", heads, rows)
    if options.rows:
        table.show(f"Restarts with {options.rows} documents", ("restart", "seconds to ready", "first search ms"), _restarts(options))


def _plain():
    java = pathlib.Path(_output("scripts/jdk25")) / "bin" / "java"
    jar = sorted((HOME / "target").glob("akidb-*.jar"))[-1]
    return [java, f"@{HOME / 'config' / 'jvm.options'}", "-jar", jar]


def _output(script):
    import subprocess

    return subprocess.run([HOME / script], check=True, capture_output=True, text=True).stdout.strip()


def _median(name, options, command):
    runs = []
    for _ in range(options.runs):
        with Server(options=options.server, command=command) as server:
            at_ready = server.resident_megabytes()
            requests = [load.encode("POST", "/embed", {"texts": [f"text number {n}"]}) for n in range(200)]
            load.closed_loop(server.port, requests, 4)
            runs.append((server.ready_seconds, at_ready, server.resident_megabytes()))
    return (name, *sorted(runs)[len(runs) // 2])


def _restarts(options):
    texts, documents = vectors.corpus_vectors(options.rows)
    data = pathlib.Path(tempfile.mkdtemp(prefix="akidb-bench-"))
    rows = []
    try:
        server = Server(data=data, options=options.server)
        server.start()
        vectors.fill(server, "glosses", texts, documents)
        server.stop()
        rows.append(_restart("after an orderly stop", server, documents[0]))
        server.stop(signal.SIGKILL)
        rows.append(_restart("after kill -9", server, documents[0]))
        server.stop()
        shutil.rmtree(data / "indexes", ignore_errors=True)
        rows.append(_restart("without a snapshot", server, documents[0]))
        server.stop()
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return rows


def _restart(name, server, query):
    server.start()
    body = {"query_vector": [round(float(x), 7) for x in query], "k": 1}
    result = load.closed_loop(server.port, [load.encode("POST", "/collections/glosses/search", body)], 1)
    if result.errors:
        raise SystemExit(f"the first search failed: {result.errors}")
    return (name, server.ready_seconds, result.percentile(0.5))
