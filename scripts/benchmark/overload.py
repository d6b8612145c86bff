"""bench overload: honest clients beside attackers, and four times more of them than can be served; latency, failures, memory."""

import multiprocessing
import random
import resource
import selectors
import socket
import threading
import time
from collections import Counter

from . import load, table
from .server import GRPC, Server

PROCESSES = multiprocessing.get_context("fork")

DIMENSION = 384
ROWS = 5_000
DOCUMENTS = 2_000
LARGE = 150
"""Documents and rows of a million characters."""

KINDS = ("read a row", "insert", "search", "embed")
MOST_TIMES_SLOWER = 10
BESIDE_HEAP = 400
LEAST_MILLISECONDS = 20
"""p99 of a quiet server below this is taken for this: a machine with few cores gives even an idle server's turns away that long."""


def add_arguments(parser):
    parser.add_argument("--seconds", type=float, default=15, help="how long each attack lasts (15)")
    parser.add_argument("--heap", type=int, default=512, help="heap of the server in MB (512)")
    parser.add_argument("--only", action="append", default=[], metavar="ATTACK", help="a part of an attack's name")


def main(options):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    server = Server(options=options.server, environment={"AKIDB_JAVA_OPTS": f"-Xmx{options.heap}m"})
    with server:
        _fill(server)
        attacks = {name: attack for name, attack in ATTACKS.items() if _wanted(name, options.only)}
        rows, failed = [], []
        _honest(server.port, 3)
        for name, attack in attacks.items():
            quiet = _honest(server.port, options.seconds)
            beside, answers, peak, goes_on = _beside(server, attack, options.seconds)
            for kind in KINDS:
                before = max(quiet[kind].percentile(0.99), LEAST_MILLISECONDS)
                now = beside[kind].percentile(0.99)
                ratio = now / before
                errors = beside[kind].errors
                rows.append(
                    (name, kind, quiet[kind].percentile(0.99), now, ratio, errors or "none", peak, goes_on, dict(answers))
                    if kind == KINDS[0]
                    else ("", kind, quiet[kind].percentile(0.99), now, ratio, errors or "none", "", "", "")
                )
                if not ratio < MOST_TIMES_SLOWER or errors:
                    failed.append(f"{name}: {kind} {ratio:.1f} times slower, errors {errors or 'none'}")
            if peak > options.heap + BESIDE_HEAP:
                failed.append(f"{name}: {peak:.0f} MB resident")
            _settle(server)
        if rows:
            heads = ("attack", "honest", "p99 quiet ms", "p99 beside ms", "times", "failed", "peak MB", "work goes on ms", "attackers' answers")
            table.show(f"Honest clients beside attackers: {options.seconds:g} s each, heap {options.heap} MB", heads, rows)
        if _wanted("too many clients", options.only):
            failed += _too_many(server, options.seconds)
    if failed:
        print("Beyond the bounds:\n- " + "\n- ".join(failed))
    else:
        print("All within the bounds")


def _wanted(name, only):
    return not only or any(part in name for part in only)


def _vector(chance, dimension=DIMENSION):
    values = [chance.gauss(0, 1) for _ in range(dimension)]
    length = sum(value * value for value in values) ** 0.5
    return [round(value / length, 6) for value in values]


def _fill(server):
    chance = random.Random(1)
    call = server.call
    call("POST", "/api/v1/tables", _table("t", [("n", "int"), ("s", "string")]))
    for at in range(0, ROWS, 1_000):
        call("POST", "/api/v1/tables/t/rows", {"rows": [{"n": n, "s": f"row {n}"} for n in range(at, at + 1_000)]})
    call("POST", "/api/v1/tables", _table("large", [("n", "int"), ("s", "string")]))
    call("POST", "/collections", {"name": "c", "dimension": DIMENSION})
    for at in range(0, DOCUMENTS, 200):
        documents = [{"id": str(n), "text": f"note {n}", "vector": _vector(chance)} for n in range(at, at + 200)]
        call("POST", "/collections/c/documents", {"documents": documents})
    for name in ("large_documents", "inserted"):
        call("POST", "/collections", {"name": name, "dimension": 8})
    text = "a" * 999_000
    for n in range(LARGE):
        call("POST", "/api/v1/tables/large/rows", {"rows": [{"n": n, "s": text}]})
        call("POST", "/collections/large_documents/documents", {"id": str(n), "text": text, "vector": _vector(chance, 8)})


def _table(name, columns):
    described = [{"name": column, "type": kind} for column, kind in columns]
    return {"name": name, "primary_key": columns[0][0], "columns": described}


# The honest ones


def _honest(port, seconds):
    """One client of each kind, in a process of its own: a request every 50 ms, or as soon as the last one is answered."""
    receiving, sending = PROCESSES.Pipe(False)
    process = PROCESSES.Process(target=_honest_process, args=(port, seconds, sending))
    process.start()
    results = receiving.recv()
    process.join()
    return results


def _honest_process(port, seconds, sending):
    results = {kind: load.Result() for kind in KINDS}
    threads = [threading.Thread(target=_honest_client, args=(port, kind, seconds, results[kind])) for kind in KINDS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sending.send(results)


def _honest_client(port, kind, seconds, result):
    chance = random.Random()
    connection = load.Connection(port)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        request = _honest_request(kind, chance)
        begun = time.perf_counter()
        try:
            connection.send(request, begun)
            status = None
            while status is None:
                status = connection.receive()
        except OSError:
            status = 0
            connection = load.Connection(port)
        took = time.perf_counter() - begun
        result.add(status, took)
        time.sleep(max(0.0, 0.05 - took))
    connection.close()


def _honest_request(kind, chance):
    if kind == "read a row":
        return load.encode("GET", f"/api/v1/tables/t/rows/{chance.randrange(ROWS)}")
    if kind == "insert":
        body = {"id": str(chance.randrange(DOCUMENTS)), "text": "a note", "vector": _vector(chance)}
        return load.encode("POST", "/collections/c/documents", body)
    if kind == "search":
        return load.encode("POST", "/collections/c/search", {"query_vector": _vector(chance), "k": 10})
    return load.encode("POST", "/embed", {"texts": [f"an honest text, number {chance.randrange(1 << 40)}"]})


# The attackers


def _beside(server, attack, seconds):
    """What honest clients see while an attack goes on, what it is answered, the most memory meanwhile, and how many
    milliseconds the server works on when the attackers are gone."""
    stop, answers = PROCESSES.Event(), PROCESSES.Queue()
    attacker = PROCESSES.Process(target=attack, args=(server.port, stop, answers))
    attacker.start()
    peak, watching = [server.resident_megabytes()], True

    def watch():
        while watching:
            peak.append(server.resident_megabytes())
            time.sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    time.sleep(2)
    honest = _honest(server.port, seconds)
    watching = False
    stop.set()
    told = answers.get(timeout=120)
    attacker.kill()
    attacker.join(30)
    goes_on = _goes_on(server)
    watcher.join()
    return honest, told, max(peak), goes_on


def _goes_on(server):
    """Milliseconds until the server's threads have nothing to do: its CPU time stands still but for a tick in 100 ms."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < 60:
        at, before = time.perf_counter(), server.cpu_seconds()
        time.sleep(0.1)
        if server.cpu_seconds() - before <= 0.01:
            return (at - begun) * 1000
    return float("nan")


def _settle(server):
    """Waits until what an attack left behind is gone: quiet values are those of a quiet server."""
    until = time.perf_counter() + 60
    before = server.cpu_seconds()
    while time.perf_counter() < until:
        time.sleep(2)
        now = server.cpu_seconds()
        if now - before < 0.4:
            return
        before = now


def _sending(requests):
    """An attack of clients that send such requests one after another."""

    def attack(port, stop, answers):
        told = Counter()
        threads = [threading.Thread(target=_attacker, args=(port, request, stop, told)) for request in requests()]
        for thread in threads:
            thread.daemon = True
            thread.start()
        stop.wait()
        answers.put(told)

    return attack


def _attacker(port, request, stop, told):
    while not stop.is_set():
        try:
            connection = load.Connection(port)
            connection.send(request, 0.0)
            status = None
            while status is None:
                status = connection.receive()
            told[status] += 1
            if status == 429:
                time.sleep(0.2)
            connection.close()
        except OSError as broken:
            told[type(broken).__name__] += 1
            time.sleep(0.2)


def _sql(query, *params):
    return load.encode("POST", "/api/v1/sql", {"query": query, "params": list(params)})


def _cross_joins():
    return [_sql("select count(*) from t a, t b, t c where a.n + b.n + c.n = 1")] * 12


def _likes():
    condition = [{"column": "s", "operator": "like", "value": "%" + "a" * 4_000 + "b"}]
    filtered = load.encode("POST", "/api/v1/tables/large/query", {"where": condition})
    counted = load.encode("POST", "/api/v1/tables/large/query", {"where": condition, "count": True})
    return [filtered] * 6 + [counted] * 6 + [_sql("select count(*) from large where s like ?", "%" + "a" * 300_000 + "b")] * 4


def _joined_texts():
    joined = " || ".join(["x"] * 29)
    columns = ", ".join(["y"] * 64)
    bomb = f"select {columns} from (select {joined} as y from (select s as x from large limit 1))"
    lengths = " + ".join(["length(s || s || s || s)"] * 380)
    return [_sql(bomb)] * 6 + [_sql(f"select {lengths} from large")] * 6


def _slow_deletes():
    condition = [{"column": "s", "operator": "like", "value": "%" + "a" * 4_000 + "b"}]
    return [load.encode("DELETE", "/api/v1/tables/large/rows", {"where": condition})] * 6


def _large_answers():
    searched = {"query_vector": [1.0] + [0.0] * 7, "k": LARGE}
    return [
        load.encode("GET", "/collections/large_documents/documents?limit=1000"),
        load.encode("POST", "/collections/large_documents/search", searched),
        load.encode("POST", "/api/v1/tables/large/query", {"distinct": True, "select": ["s"], "limit": 1000}),
    ] * 4


def _large_inserts():
    requests = []
    for client in range(12):
        documents = [{"id": f"{client}-{n}", "text": "b" * 990_000, "vector": [1.0] + [0.0] * 7} for n in range(13)]
        requests.append(load.encode("POST", "/collections/inserted/documents", {"documents": documents}))
    return requests


def _unread(port, stop, answers):
    """60 clients that ask for large answers, five each, and read nothing but what says that they came."""
    request = load.encode("GET", "/collections/large_documents/documents?limit=1000")
    told, clients = Counter(), []
    for _ in range(60):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.settimeout(20)
        try:
            client.connect(("127.0.0.1", port))
            client.sendall(request * 5)
            told[int(client.recv(12)[9:12] or 0)] += 1
        except OSError as broken:
            told[type(broken).__name__] += 1
        clients.append(client)
    stop.wait()
    answers.put(told)


def _idle_grpc(port, stop, answers):
    """Thousands of connections to the port of gRPC that are set up and then do nothing."""
    hello = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
    told, clients = Counter(), []
    most = min(5_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)
    while not stop.is_set() and len(clients) < most:
        try:
            client = socket.create_connection(("127.0.0.1", port + GRPC), timeout=5)
            client.sendall(hello)
            clients.append(client)
            told["connected"] += 1
        except OSError as broken:
            told[type(broken).__name__] += 1
            time.sleep(0.1)
    stop.wait()
    answers.put(told)


ATTACKS = {
    "cross joins": _sending(_cross_joins),
    "LIKE bombs": _sending(_likes),
    "joined texts": _sending(_joined_texts),
    "slow conditions of deletes": _sending(_slow_deletes),
    "large answers": _sending(_large_answers),
    "large answers, not read": _unread,
    "idle gRPC connections": _idle_grpc,
    "inserts of 13 MB": _sending(_large_inserts),
}


# Too many


def _too_many(server, seconds):
    chance = random.Random(2)

    def requests():
        while True:
            yield _honest_request(chance.choice(KINDS), chance)

    rows, failed = [], []
    served = load.closed_loop(server.port, requests(), 32, seconds=max(5.0, seconds / 2))
    rows.append(("32 clients, each waits for its answer", *_figures(served)))
    prepared = [next(requests()) for _ in range(4_000)]
    flooded, unsent = _flood(server.port, prepared, 4 * served.per_second, seconds)
    rows.append((f"4 times that, {4 * served.per_second:.0f}/s wanted, {unsent} not sent by the client", *_figures(flooded)))
    heads = ("load", "accepted/s", "p50 ms", "p99 ms", "429 p99 ms", "by status")
    table.show("More honest clients than can be served: open loop", heads, rows)
    others = {status: count for status, count in flooded.errors.items() if status != 429}
    if others:
        failed.append(f"too many clients: {others}")
    return failed


def _figures(result):
    refused = sorted(getattr(result, "refusals", []))
    late = refused[int(0.99 * (len(refused) - 1))] * 1000 if refused else float("nan")
    return result.per_second, result.percentile(0.5), result.percentile(0.99), late, dict(result.statuses)


def _flood(port, requests, per_second, seconds, most=2_000):
    """Requests leave when they are due, each on a free connection, of which there are as many as are needed."""
    result, unsent = load.Result(), 0
    result.refusals = []
    selector = selectors.DefaultSelector()
    free, busy = [], 0
    begun = time.perf_counter()
    due, total = 0, int(per_second * seconds)
    while due < total or busy:
        now = time.perf_counter()
        if now - begun > seconds + 60:
            break
        while due < total and begun + due / per_second <= now:
            request = requests[due % len(requests)]
            due += 1
            if not free and busy >= most:
                unsent += 1
                continue
            if free:
                connection = free.pop()
            else:
                connection = load.Connection(port)
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(request, time.perf_counter())
            busy += 1
        wait = begun + due / per_second - time.perf_counter() if due < total else 0.2
        for key, _ in selector.select(max(0.0, min(wait, 0.2))):
            connection = key.data
            try:
                status = connection.receive()
            except OSError:
                status = 0
            if status is None:
                continue
            took = time.perf_counter() - connection.due
            result.add(status, took)
            if status == 429:
                result.refusals.append(took)
            busy -= 1
            if status:
                free.append(connection)
            else:
                selector.unregister(connection.socket)
                connection.close()
    result.elapsed = time.perf_counter() - begun
    return result, unsent
