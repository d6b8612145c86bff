"""Fills of a computed column beside raw ONNX Runtime, in turns, on the same texts, both with one model thread a core."""

import pathlib
import statistics
import tempfile
import time

from . import in_process, table
from .server import cpu_seconds

MODEL = "all-minilm-l6-v2"
TABLE = "/api/v1/tables/glosses"


def cells(server, name):
    """How many cells of a computed column are ready, pending, failed and empty."""
    return server.call("GET", f"{TABLE}/columns/computed/{name}")["cells"]


def create(server, name):
    # Without the cache, so that a second column of the same texts is computed as the first one was.
    body = {"name": name, "source_column": "gloss", "model": MODEL, "cache": False}
    server.call("POST", f"{TABLE}/columns/computed/embedding", body)


def wait(server, name):
    """Returns at most a fiftieth of a second after the last cell is filled. Asks seldom: each answer counts the cells."""
    begun, first = time.perf_counter(), cells(server, name)["pending"]
    pending = first
    while pending:
        done, elapsed = first - pending, time.perf_counter() - begun
        left = pending * elapsed / done if done else 0.04
        time.sleep(min(2.0, max(0.02, left / 2)))
        pending = cells(server, name)["pending"]


def compare(server, texts, rounds):
    """Raw and column in turns. The column's time goes from the request that makes it to the last durable vector."""
    turns = []
    with _Raw(texts) as raw:
        for _ in range(rounds + 1):
            raw_rate, raw_cpu = raw.run()
            rate, cpu = _fill(server, texts)
            turns.append((raw_rate, rate, rate / raw_rate, raw_cpu, cpu))
    measured = turns[1:]  # the first turn of both warms up
    medians = [statistics.median(column) for column in zip(*measured)]
    rows = [*((number, *turn) for number, turn in enumerate(measured, 1)), ("median", *medians)]
    heads = ("turn", "raw ONNX Runtime texts/s", "computed column texts/s", "of raw", "raw CPU ms a text", "server CPU ms a text")
    table.show(f"Filling a computed column of {len(texts)} texts, nobody else there", heads, rows)


def _fill(server, texts):
    """Texts a second, and the server's CPU milliseconds a text."""
    before, begun = server.cpu_seconds(), time.perf_counter()
    create(server, "filled")
    wait(server, "filled")
    seconds = time.perf_counter() - begun
    cpu = server.cpu_seconds() - before
    server.call("DELETE", f"{TABLE}/columns/filled")
    return len(texts) / seconds, 1000 * cpu / len(texts)


class _Raw:
    """ONNX Runtime in a process of its own, which waits between its turns; a context manager."""

    def __init__(self, texts):
        self.texts = texts

    def __enter__(self):
        self.scratch = tempfile.TemporaryDirectory()
        file = pathlib.Path(self.scratch.name) / "texts.txt"
        file.write_text("\n".join(self.texts), encoding="utf-8")
        self.process = in_process.start("com.akidb.embedding.RawFillBenchmark", texts=file)
        return self

    def run(self):
        """Texts a second, and CPU milliseconds a text."""
        before = cpu_seconds(self.process)
        self.process.stdin.write("run\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("texts/s "):
                return float(line.split()[1]), 1000 * (cpu_seconds(self.process) - before) / len(self.texts)
        raise SystemExit("the benchmark of raw ONNX Runtime ended early")

    def __exit__(self, *failure):
        self.process.stdin.close()
        self.process.wait(60)
        self.scratch.cleanup()
