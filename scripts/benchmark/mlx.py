"""bench mlx: MLX models in the server's Python beside the same in CPython with the official wheel."""

import argparse
import itertools
import os
import pathlib
import statistics
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
from models import without_kernels

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
    kinds = {"host": (without_kernels, "thin"), "small": (host, "thin"), "forward": (host, "full")}
    opened = {}
    for line in sys.stdin:
        name, times = line.split()
        if name not in opened:
            module, model = kinds[name]
            opened[name] = module.Worker(f"{folder}/{model}")
        millis = []
        for _ in range(int(times)):
            begun = time.perf_counter()
            call(opened[name], 16)
            millis.append(1000 * (time.perf_counter() - begun))
        print("millis", *millis, flush=True)
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
    parser.add_argument("--forwards", type=int, default=5, help="forward passes of the large model on each side, which take turns (5)")
    parser.add_argument(
        "--minilm", nargs="?", const="", metavar="FOLDER",
        help="also compare over REST; FOLDER has all-minilm-l6-v2 as safetensors, and is found where the Python tests have it",
    )
    parser.add_argument("--isolation", choices=("thread", "context"), default="thread")
    parser.add_argument("--isolations", action="store_true", help="only compare the two isolations, on MiniLM")
    parser.add_argument("--load-seconds", type=int, default=0, help="also run the pool at full load for so long")


def main(options: argparse.Namespace):
    python = _environment() / "bin" / "python"
    if options.isolations:
        _isolations(options.minilm or _find_minilm(python), options)
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    _cpython(python, CACHE, "make")
    ours, theirs = _calls(python, options)
    starts = in_process.capture(
        "com.akidb.embedding.mlx.MlxBenchmark", "starts", profile="mlx", isolation=options.isolation
    )
    both = (
        ("forward, 28 × 1024, 4 bits, 16 tokens, ms", "forward"), ("a call of a small model (28 × 64), ms", "small"),
        ("the same without kernels: host and Python, ms", "host"),
    )
    rows = [(title, ours[name], theirs[name], ours[name] / theirs[name]) for title, name in both]
    rows += [
        ("... its graph built anew each time, ms", ours["host-anew"], "", ""),
        ("32 × 1024 floats there and back, ms", ours["transfer"], "", ""),
    ]
    table.show(f"MLX, isolation {options.isolation}, medians", ("what", "GraalPy", "CPython", "ratio"), rows)
    table.show("Workers that start", ("which", "seconds", "MB"), [line.split() for line in starts])
    if options.minilm is not None:
        options.minilm = options.minilm or _find_minilm(python)
        _rest(python, options)
    if options.load_seconds:
        for line in in_process.capture(
            "com.akidb.embedding.mlx.MlxBenchmark", "load", profile="mlx", isolation=options.isolation,
            seconds=options.load_seconds,
        ):
            print(line)


def _isolations(folder, options):
    """Two workers of each isolation, which take turns."""
    sides = [
        in_process.start("com.akidb.embedding.mlx.IsolationBenchmark", profile="mlx", isolation=isolation, folder=folder)
        for isolation in ("thread", "context")
    ]
    figures = {}
    for what, argument, turns in (("load", int(options.seconds), 4), ("memory", 0, 1), ("loop", 0, 3), ("native", 0, 1)):
        for turn in range(turns):
            for side in sides if turn % 2 == 0 else sides[::-1]:
                figures.setdefault((what, side), []).extend(_ask(side, what, argument))
    for side in sides:
        side.stdin.close()
        side.wait(120)
    titles = (
        ("load", "MiniLM, texts of nine tokens a second"), ("memory", "resident memory after that, MB"),
        ("loop", "ready again after a loop in Python, s"), ("native", "ready again after a native call that hangs, s"),
    )
    rows = [(title, *(statistics.median(figures[what, side]) for side in sides)) for what, title in titles]
    table.show("Two workers, medians", ("what", "thread", "context"), rows)


def _calls(python, options):
    """Medians of the times of calls. Both sides take turns, so that what else the machine does hits both alike."""
    ours = in_process.start(
        "com.akidb.embedding.mlx.MlxBenchmark", "calls", profile="mlx", isolation=options.isolation, folder=CACHE
    )
    theirs = subprocess.Popen(
        [python, "-P", "-c", CPYTHON, HOME, CACHE, "calls"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    times = {ours: {}, theirs: {}}
    for name, sides, warm, turns, block in (
        ("forward", (ours, theirs), 1, options.forwards, 1), ("small", (ours, theirs), 100, 20, 10),
        ("host", (ours, theirs), 200, 30, 20), ("host-anew", (ours,), 5, 3, 10), ("transfer", (ours,), 100, 30, 10),
    ):
        for side in sides:
            _ask(side, name, warm)
        for turn in range(turns):
            for side in sides if turn % 2 == 0 else reversed(sides):
                times[side].setdefault(name, []).extend(_ask(side, name, block))
    for side in (ours, theirs):
        side.stdin.close()
        if side.wait(120):
            raise SystemExit(f"{side.args[0]} failed")
    return ({name: statistics.median(millis) for name, millis in times[side].items()} for side in (ours, theirs))


def _ask(side, name, count):
    side.stdin.write(f"{name} {count}\n")
    side.stdin.flush()
    for line in side.stdout:
        if line.startswith("millis "):
            return [float(number) for number in line.split()[1:]]
    raise SystemExit(f"{side.args[0]} ended early")


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


def _find_minilm(python):
    code = 'from akidb_mlx.model_loader import *; print(locate(find_entry("all-minilm-l6-v2-mlx")))'
    environment = {**os.environ, "PYTHONPATH": str(HOME / "python")}
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True, env=environment).stdout.strip()


def _environment():
    made = subprocess.run([HOME / "scripts" / "python_env"], check=True, capture_output=True, text=True)
    return pathlib.Path(made.stdout.strip())


def _numbers(lines):
    return {name: float(value) for name, value in (line.split()[:2] for line in lines)}


def _cpython(python, folder, *arguments):
    command = [python, "-P", "-c", CPYTHON, HOME, folder, *map(str, arguments)]
    return _numbers(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines())
