#!/usr/bin/env python3
"""Sends requests to /embed at a fixed rate and reports latency, errors and the server's memory.

The loop is open: requests leave when they are due, whether or not earlier ones have been answered, and latency counts
from that moment, so a slow server cannot slow the test down and look better for it.

Needs aiohttp (pip install aiohttp).
"""

import argparse
import asyncio
import re
import statistics
import sys
import time
from collections import Counter

import aiohttp

URL = "http://localhost:8080"
TEXTS = ["Machine learning is fascinating"] * 2
RESIDENT = re.compile(r"^process_resident_memory_bytes(?:\{[^}]*\})? ([0-9.eE+]+)$", re.MULTILINE)


async def load_test(qps=50, duration_sec=60, url=URL, texts=None):
    """Runs the load and prints the report. Returns the 95th percentile of latency in milliseconds."""
    _, p95 = await _run(qps, duration_sec, url, texts or TEXTS)
    return p95


async def _run(qps, duration_sec, url, texts):
    outcomes = Counter()
    latencies = []
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
        memory_before = await _resident_megabytes(session, url)
        begun = time.perf_counter()

        async def request(due):
            try:
                async with session.post(f"{url}/embed", json={"texts": texts}) as response:
                    await response.read()
                    outcome = response.status
            except (aiohttp.ClientError, asyncio.TimeoutError) as failure:
                outcome = type(failure).__name__
            outcomes[outcome] += 1
            if outcome == 200:
                latencies.append((time.perf_counter() - due) * 1000)

        tasks = []
        for number in range(int(qps * duration_sec)):
            due = begun + number / qps
            await asyncio.sleep(max(0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(request(due)))
        await asyncio.gather(*tasks)
        elapsed = time.perf_counter() - begun
        memory_after = await _resident_megabytes(session, url)

    total = sum(outcomes.values())
    errors = total - outcomes[200]
    print(f"QPS: {qps}")
    p95 = _print_latencies(latencies)
    print(f"Answered: {total} requests in {elapsed:.2f}s, {total / elapsed:.2f}/s")
    print(f"Errors: {errors} ({100 * errors / max(1, total):.2f}%)")
    for outcome, count in sorted(outcomes.items(), key=str):
        if outcome != 200:
            print(f"  {outcome}: {count}")
    print(f"Memory: {memory_before} before, {memory_after} after")
    return errors, p95


def _print_latencies(latencies):
    if not latencies:
        print("No request succeeded")
        return float("inf")
    ordered = sorted(latencies)
    p95 = ordered[int(0.95 * len(ordered))]
    print(f"P50 latency: {statistics.median(ordered):.2f}ms")
    print(f"P95 latency: {p95:.2f}ms")
    print(f"P99 latency: {ordered[int(0.99 * len(ordered))]:.2f}ms")
    return p95


async def _resident_megabytes(session, url):
    try:
        async with session.get(f"{url}/metrics") as response:
            found = RESIDENT.search(await response.text())
    except aiohttp.ClientError:
        found = None
    return f"{float(found.group(1)) / 2**20:.0f} MB resident" if found else "unknown"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--qps", type=float, default=50, help="requests per second (50)")
    parser.add_argument("--duration", type=float, default=60, help="seconds (60)")
    parser.add_argument("--url", default=URL, help=f"where the server is ({URL})")
    parser.add_argument("--text", action="append", help="a text to embed; may be repeated")
    options = parser.parse_args()
    qps = int(options.qps) if options.qps == int(options.qps) else options.qps
    errors, _ = asyncio.run(_run(qps, options.duration, options.url.rstrip("/"), options.text or TEXTS))
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
