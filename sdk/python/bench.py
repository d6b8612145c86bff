"""Measures what the client costs, beside plain httpx on the same server in the same run, and beside Pixeltable.

    python bench.py URL [--rows 100000] [--rounds 1000] [--pixeltable PYTHON]

`--pixeltable` names a Python with Pixeltable, onnxruntime and tokenizers, and MINILM_JAR the archive with its model.
scripts/bench_python_client makes all of that, and a server, and prints the table.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import typing
from pathlib import Path

import httpx
import numpy
import pandas

from akidb_client import AkiDB

BATCH = 1000


class Line(typing.NamedTuple):
    """A line of the table: what is measured, of whom it is compared with, of the client, and what that has to be."""

    what: str
    other: str
    client: str
    compared: str
    bar: str
    holds: bool


def search(db, url, rounds=1000):
    """Turn by turn, so that both meet the same noise."""
    table = db.create_table("bench_search", {"note": "string", "year": "int"}, if_exists="replace")
    table.insert({"note": f"note {n} about {'rivers' if n % 2 else 'snow'}", "year": n} for n in range(2000))
    table.add_embedding("vec", "note").wait()
    raw = httpx.Client()
    path = f"{url}/api/v1/tables/bench_search/search/similarity"
    body = {"query": "water", "column": "vec", "limit": 10, "include_score": True}
    times = {"httpx": [], "client": []}
    for turn in range(rounds + 50):
        begin = time.perf_counter()
        raw.post(path, json=body).json()
        middle = time.perf_counter()
        table.search("water", "vec", limit=10)
        end = time.perf_counter()
        if turn >= 50:
            times["httpx"].append(middle - begin)
            times["client"].append(end - middle)
    p50 = {name: statistics.median(values) * 1000 for name, values in times.items()}
    cost = p50["client"] - p50["httpx"]
    return [
        Line(
            f"a search by text, p50 of {rounds:,}, turn by turn",
            f"{p50['httpx']:.2f} ms",
            f"{p50['client']:.2f} ms",
            f"{cost:+.2f} ms",
            "at most +0.30 ms",
            cost <= 0.3,
        )
    ]


def frames(db, url, rows):
    """Rows in from a DataFrame, and out to one, beside NDJSON that is ready, and that is not read."""
    columns = {"title": "string", "year": "int", "score": "float", "open": "bool"}
    frame = pandas.DataFrame(
        {
            "title": [f"a title of some length, number {n}" for n in range(rows)],
            "year": numpy.arange(rows),
            "score": numpy.arange(rows) / 7,
            "open": numpy.arange(rows) % 2 == 0,
        }
    )
    bodies = []
    for start in range(0, rows, BATCH):
        part = frame.iloc[start : start + BATCH].to_dict("records")
        bodies.append("\n".join(json.dumps(row) for row in part).encode())
    raw = httpx.Client(timeout=300)
    rates = {"httpx": [], "client": []}
    for _ in range(3):
        db.create_table("bench_rows", columns, if_exists="replace")
        begin = time.perf_counter()
        for body in bodies:
            answer = raw.post(
                f"{url}/api/v1/tables/bench_rows/rows", content=body, headers={"content-type": "application/x-ndjson"}
            )
            answer.raise_for_status()
        rates["httpx"].append(rows / (time.perf_counter() - begin))
        table = db.create_table("bench_rows", columns, if_exists="replace")
        begin = time.perf_counter()
        table.insert(frame, batch_rows=BATCH)
        rates["client"].append(rows / (time.perf_counter() - begin))
    lines = [rate("in from pandas", rows, rates)]
    rates = {"httpx": [], "client": []}
    for _ in range(5):
        begin = time.perf_counter()
        with raw.stream(
            "POST", f"{url}/api/v1/tables/bench_rows/query", json={}, headers={"accept": "application/x-ndjson"}
        ) as answer:
            size = sum(len(chunk) for chunk in answer.iter_bytes())
        rates["httpx"].append(rows / (time.perf_counter() - begin))
        begin = time.perf_counter()
        got = table.query().to_pandas()
        rates["client"].append(rows / (time.perf_counter() - begin))
        assert len(got) == rows
        assert size > rows
    lines.append(rate("out to pandas", rows, rates))
    db.drop_table("bench_rows")
    return lines


def rate(what, rows, rates):
    best = {name: max(values) for name, values in rates.items()}
    ratio = best["client"] / best["httpx"]
    return Line(
        f"{rows:,} rows {what}; httpx with NDJSON that is ready, or that it does not look at",
        f"{best['httpx']:,.0f} rows/s",
        f"{best['client']:,.0f} rows/s",
        f"{ratio:.2f}",
        "at least 0.70",
        ratio >= 0.7,
    )


NOTEBOOK = """
import re, time
begin = time.perf_counter()
{imports}
t = pxt.create_table("search_notebook", {{"id": pxt.Int, "text": pxt.String}}, if_exists="replace")
about = ["rivers", "snow", "soup", "bridges"]
t.insert([{{"id": n, "text": f"note {{n}} about {{about[n % 4]}} and more"}} for n in range(1000)])
t.add_embedding_index("text", string_embed=embed)
for question in ("where can I cross the water?", "what is there to eat?", "when is there snow?"):
    sim = t.text.similarity(string=question)
    rows = t.where(t.id > 10).order_by(sim, asc=False).limit(5).select(t.text, score=sim).collect()
    assert len(rows) == 5
print(time.perf_counter() - begin, int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024)
"""
THERE = "import pixeltable as pxt\nfrom embedders import embed"
HERE = """import akidb_client.pixeltable as pxt
from akidb_client.pixeltable.functions import huggingface
embed = huggingface.sentence_transformer.using(model_id="all-MiniLM-L6-v2")"""


def notebook(url, python):
    """A whole program: imports, table, 1,000 rows, index, three searches."""
    source = Path(__file__).parent / "src"
    sample = source / "akidb_client" / "migration" / "sample"
    home = tempfile.mkdtemp()
    environment = {
        **os.environ, "AKIDB_URL": url, "PIXELTABLE_HOME": os.environ.get("PIXELTABLE_HOME", home), "PIXELTABLE_VERBOSITY": "0",
        "PYTHONPATH": f"{source}:{sample}", "XDG_RUNTIME_DIR": home,
    }  # fmt: skip
    sides = (("Pixeltable", python, THERE), ("client", sys.executable, HERE))
    best = {}
    for _ in range(3):  # turn by turn, so that both meet the same noise
        for name, runs, imports in sides:
            program = NOTEBOOK.format(imports=imports)
            ran = subprocess.run([runs, "-c", program], capture_output=True, text=True, env=environment, check=False)
            if ran.returncode:
                raise SystemExit(f"notebook, {name}: {ran.stderr[-400:]}")
            seconds, memory = map(float, ran.stdout.split()[-2:])
            best[name] = min(best.get(name, (seconds, memory)), (seconds, memory))
    (there, there_memory), (here, here_memory) = best["Pixeltable"], best["client"]
    what = "a program of Pixeltable: imports, table, 1,000 texts, index, three searches; best of 3, turn by turn"
    times = there / here
    return [
        Line(what, f"{there:.2f} s", f"{here:.2f} s", f"{times:.1f} times", "at least 3.0 times", times >= 3),
        Line(
            "memory of that program",
            f"{there_memory:.0f} MB",
            f"{here_memory:.0f} MB",
            f"{here_memory / there_memory:.2f}",
            "at most 200 MB",
            here_memory <= 200,
        ),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--pixeltable", metavar="PYTHON")
    options = parser.parse_args()
    with AkiDB(options.url, query_vectors=0, timeout=300) as db:
        lines = search(db, options.url, options.rounds) + frames(db, options.url, options.rows)
    if options.pixeltable:
        lines += notebook(options.url, options.pixeltable)
    print("| what | other | client | compared | shall be | is it |")
    print("|---|---|---|---|---|---|")
    for line in lines:
        print(f"| {' | '.join(line[:-1])} | {'yes' if line.holds else 'NO'} |")


main()
