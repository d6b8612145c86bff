"""bench mlx: MLX models in the server's Python beside the same in CPython with the official wheel."""

import argparse
import itertools
import os
import pathlib
import subprocess

from . import in_process, load, table
from .server import HOME, Server

CACHE = pathlib.Path(os.environ.get("AKIDB_BENCH_HOME", pathlib.Path.home() / ".cache/akidb/bench")) / "mlx"

# Runs in CPython with the official wheel: makes the models, or times the same work.
CPYTHON = r'''
import array, os, sys, threading, time
home, folder, what = sys.argv[1:4]
sys.path[:0] = [home + "/python", home + "/python/tests"]
from models.random_models import QWEN3, write_model
from akidb_mlx import host

THIN = {**QWEN3, "num_hidden_layers": 28}
FULL = {**QWEN3, "hidden_size": 1024, "num_hidden_layers": 28, "intermediate_size": 3072, "num_attention_heads": 16,
        "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 1024}

def call(worker, tokens, first=1):
    width = worker.padded_length(tokens)
    ids = array.array("i", [first + i % 100 for i in range(tokens)] + [0] * (width - tokens)).tobytes()
    return worker.encode(ids, array.array("i", [tokens]).tobytes(), width, "last")

if what == "make":
    for name, config, quantized in (("thin", THIN, False), ("full", FULL, True)):
        if not os.path.exists(f"{folder}/{name}/config.json"):
            write_model(f"{folder}/{name}", config, "float32", quantized)
elif what == "calls":
    for name, key, times in (("thin", "host", 300), ("full", "forward", int(sys.argv[4]))):
        worker = host.Worker(f"{folder}/{name}")
        for _ in range(min(times, 100)):
            call(worker, 16)
        millis = []
        for _ in range(times):
            begun = time.perf_counter()
            call(worker, 16)
            millis.append(1000 * (time.perf_counter() - begun))
        print(key, sorted(millis)[times // 2])
else:
    worker, count, end = host.Worker(folder), 0, time.perf_counter() + float(sys.argv[4])
    def run():
        global count
        while time.perf_counter() < end:
            call(worker, 9, 1000)
            count += 1
    call(worker, 9)
    threads = [threading.Thread(target=run) for _ in range(2)]
    begun = time.perf_counter()
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print("texts", count / (time.perf_counter() - begun))
'''


def add_arguments(parser):
    parser.add_argument("--seconds", type=float, default=15, help="length of a timed run over REST (15)")
    parser.add_argument("--forwards", type=int, default=5, help="forward passes of the large model on each side (5)")
    parser.add_argument("--minilm", help="folder of all-minilm-l6-v2 as safetensors, for the comparison over REST")
    parser.add_argument("--isolation", choices=("thread", "context"), default="thread")
    parser.add_argument("--load-seconds", type=int, default=0, help="also run the pool at full load for so long")


def main(options: argparse.Namespace):
    python = _environment() / "bin" / "python"
    CACHE.mkdir(parents=True, exist_ok=True)
    _cpython(python, CACHE, "make")
    ours = _ours("calls", options)
    theirs = _cpython(python, CACHE, "calls", options.forwards)
    starts = in_process.capture(
        "com.akidb.embedding.mlx.MlxBenchmark", "starts", profile="mlx", isolation=options.isolation
    )
    rows = [
        ("forward, 28 × 1024, 4 bits, 16 tokens, ms", ours["forward"], theirs["forward"], ours["forward"] / theirs["forward"]),
        ("a call without kernels (28 × 64), ms", ours["host"], theirs["host"], ours["host"] / theirs["host"]),
        ("the same, its graph built anew, ms", ours["host-uncompiled"], "", ""),
        ("32 × 1024 floats there and back, ms", ours["transfer"], "", ""),
    ]
    table.show(f"MLX, isolation {options.isolation}", ("what", "GraalPy", "CPython", "ratio"), rows)
    table.show("Workers that start", ("which", "seconds", "MB"), [line.split() for line in starts])
    if options.minilm:
        _rest(python, options)
    if options.load_seconds:
        for line in in_process.capture(
            "com.akidb.embedding.mlx.MlxBenchmark", "load", profile="mlx", isolation=options.isolation,
            seconds=options.load_seconds,
        ):
            print(line)


def _rest(python, options):
    """Eight clients over REST beside two threads in CPython's process, with texts of nine tokens."""
    model = "all-minilm-l6-v2-mlx"
    settings = (
        f"--akidb.models.directories.{model}={options.minilm}", f"--akidb.embedding.model-name={model}",
        f"--akidb.mlx.isolation={options.isolation}", *options.server,
    )
    requests = (
        load.encode("POST", "/embed", {"texts": [f"soup served by the {chr(97 + i % 26)} {chr(97 + i // 26 % 26)} hut"]})
        for i in itertools.count()
    )
    with Server(options=settings + ("--akidb.cache.max-size=0",)) as server:
        load.closed_loop(server.port, requests, 8, seconds=3)
        result = load.closed_loop(server.port, requests, 8, options.seconds)
    theirs = _cpython(python, options.minilm, "texts", options.seconds)["texts"]
    table.show(
        "MiniLM, texts of nine tokens a second",
        ("REST, 8 clients", "CPython, 2 threads", "ratio", "errors"),
        [(result.per_second, theirs, result.per_second / theirs, result.errors or "none")],
    )


def _environment():
    made = subprocess.run([HOME / "scripts" / "python_env"], check=True, capture_output=True, text=True)
    return pathlib.Path(made.stdout.strip())


def _numbers(lines):
    return {name: float(value) for name, value in (line.split()[:2] for line in lines)}


def _ours(what, options):
    return _numbers(
        in_process.capture(
            "com.akidb.embedding.mlx.MlxBenchmark", what, profile="mlx", isolation=options.isolation,
            folder=CACHE, forwards=options.forwards,
        )
    )


def _cpython(python, folder, *arguments):
    command = [python, "-P", "-c", CPYTHON, HOME, folder, *map(str, arguments)]
    return _numbers(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines())
