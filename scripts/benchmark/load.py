"""A lean HTTP/1.1 load generator: one thread, keep-alive connections, requests encoded beforehand.

A client must cost little beside the server that it shares the cores with, or it would be what is measured.
"""

import json
import selectors
import socket
import time
from collections import Counter


RESET = 0
"""The status of a request whose connection was reset."""


def encode(method, path, body=None):
    """The bytes of a request with a JSON body."""
    data = None if body is None else json.dumps(body, separators=(",", ":")).encode()
    return _encode(method, path, data, "application/json")


def encode_lines(method, path, values):
    """The bytes of a request with a body of JSON values, one a line."""
    data = "\n".join(json.dumps(value, separators=(",", ":")) for value in values).encode()
    return _encode(method, path, data, "application/x-ndjson")


def encode_bytes(method, path, data, kind):
    """The bytes of a request with a body of a media type."""
    return _encode(method, path, data, kind)


def _encode(method, path, data, kind):
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
    if data is not None:
        head += f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n"
    return head.encode() + b"\r\n" + (data or b"")


class Result:
    """Latencies in seconds of the requests that succeeded, and how many ended with which status."""

    def __init__(self):
        self.latencies = []
        self.statuses = Counter()
        self.elapsed = 0.0
        self.cpu = 0.0

    def add(self, status, latency):
        self.statuses[status] += 1
        if 200 <= status < 300:
            self.latencies.append(latency)

    def merge(self, other):
        self.latencies += other.latencies
        self.statuses += other.statuses
        self.elapsed += other.elapsed
        self.cpu += other.cpu
        return self

    @property
    def per_second(self):
        return len(self.latencies) / self.elapsed if self.elapsed else 0.0

    @property
    def errors(self):
        return {status: count for status, count in self.statuses.items() if not 200 <= status < 300}

    def percentile(self, fraction):
        """In milliseconds; NaN without a success."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(fraction * len(ordered)))] * 1000 if ordered else float("nan")

    @property
    def cpu_milliseconds(self):
        """The server's CPU time for one request."""
        return 1000 * self.cpu / len(self.latencies) if self.latencies else float("nan")


class Connection:
    """One keep-alive connection with at most one request in flight."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        self.due = 0.0
        self.waiting = False

    def send(self, request, due):
        self.due = due
        self.waiting = True
        self.received.clear()
        self.socket.sendall(request)

    def receive(self):
        """The status once the whole answer is there, else None."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.received[:end]).lower()
        at = head.find(b"content-length:")
        if at >= 0:
            length = int(head[at + 15 :].split(b"\r\n", 1)[0])
            whole = len(self.received) >= end + 4 + length
        else:
            whole = self.received.endswith(b"0\r\n\r\n") or b"transfer-encoding" not in head
        return int(head[9:12]) if whole else None

    def body(self):
        return bytes(self.received[self.received.find(b"\r\n\r\n") + 4 :])

    def close(self):
        self.socket.close()


def closed_loop(port, requests, clients, seconds=None, count=None):
    """Each client sends its next request when it has the answer to the last one, until the time or the count is over.

    requests: an iterator of encoded requests; one that ends, ends the run.
    """
    result, sent, working = Result(), 0, 0
    requests = iter(requests)
    selector = selectors.DefaultSelector()
    connections = [Connection(port) for _ in range(clients)]
    begun = time.perf_counter()
    until = begun + seconds if seconds else float("inf")

    def next_request(connection):
        nonlocal sent, working
        now = time.perf_counter()
        request = next(requests, None) if now < until and (count is None or sent < count) else None
        if request is not None:
            sent += 1
            working += 1
            connection.send(request, time.perf_counter())

    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        next_request(connection)
    while working:
        for key, _ in selector.select():
            connection = key.data
            status = connection.receive()
            if status is not None:
                result.add(status, time.perf_counter() - connection.due)
                working -= 1
                next_request(connection)
    result.elapsed = time.perf_counter() - begun
    for connection in connections:
        connection.close()
    selector.close()
    return result


def open_loop(port, requests, per_second, seconds, clients=64, tick=None):
    """Requests leave when they are due; latency counts from then, waiting for a free connection included.

    tick: called about ten times a second.
    """
    result, due, ticked = Result(), 0, 0.0
    requests = iter(requests)
    selector = selectors.DefaultSelector()
    free = [Connection(port) for _ in range(clients)]
    for connection in free:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    total = int(per_second * seconds)
    begun = time.perf_counter()
    while due < total or len(free) < clients:
        now = time.perf_counter()
        while due < total and free and begun + due / per_second <= now:
            free.pop().send(next(requests), begun + due / per_second)
            due += 1
        wait = begun + due / per_second - now if due < total and free else 0.1
        for key, _ in selector.select(max(0.0, min(wait, 0.1))):
            connection = key.data
            if not connection.waiting:
                _replace(connection, free, selector, port)
                continue
            try:
                status = connection.receive()
            except ConnectionError:
                # Closed by the server as idle while the request was on its way to it, or for worse.
                result.add(RESET, time.perf_counter() - connection.due)
                free.append(connection)
                _replace(connection, free, selector, port)
                continue
            if status is not None:
                connection.waiting = False
                result.add(status, time.perf_counter() - connection.due)
                free.append(connection)
        if tick and now - ticked > 0.1:
            ticked = now
            tick(result)
    result.elapsed = time.perf_counter() - begun
    for connection in free:
        connection.close()
    selector.close()
    return result


def _replace(connection, free, selector, port):
    """Puts a new connection in the place of one that the server closed because it was idle."""
    selector.unregister(connection.socket)
    connection.close()
    fresh = Connection(port)
    selector.register(fresh.socket, selectors.EVENT_READ, fresh)
    free[free.index(connection)] = fresh


def call(port, method, path, body=None):
    """One request; returns the decoded answer or fails with it."""
    connection = Connection(port)
    try:
        connection.send(encode(method, path, body), 0.0)
        status = None
        while status is None:
            status = connection.receive()
        data = connection.body()
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise RuntimeError(f"{method} {path}: {status} {data[:500].decode(errors='replace')}")
    return json.loads(data) if data else None
