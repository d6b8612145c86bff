"""A proxy in front of a server that breaks what passes through it, as it is told."""

import random
import socket
import threading

#: The ways in which `cut_at_random` breaks a connection: before the request is passed on, in the middle of it, when the
#: server has answered, in the middle of the answer.
WAYS = ("cut", "half", "lose", "after")


class FaultProxy:
    """Passes requests on, one connection to the server for each of a client's, until it is told to do harm.

    Attributes:
        held: Set when a request is kept without an answer.
        broken: The ways in which `cut_at_random` broke connections so far.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._lock = threading.Lock()
        self._open = set()
        self.calm()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def calm(self) -> None:
        """No more harm."""
        with self._lock:
            self._harm, self._times, self._only, self._skip = None, 0, b"", 0
            self._dice, self._share, self._cuts = None, 0.0, 0
            self.broken = []
        self.held = threading.Event()

    def _set(self, harm, times, only=b"", skip=0) -> None:
        with self._lock:
            self._harm, self._times, self._only, self._skip = harm, times, only, skip

    def cut(self, times, *, after_request=False, after_bytes=None, only=b"", skip=0) -> None:
        """Breaks the connection of the next requests: at once, when the server has answered, or within the answer."""
        self._set(
            ("after", after_bytes) if after_bytes else ("lose",) if after_request else ("cut",), times, only, skip
        )

    def cut_at_random(self, times, seed, share=0.75) -> None:
        """Breaks the connections of so many requests, at moments that the seed decides; the rest pass unharmed."""
        with self._lock:
            self._dice, self._share, self._cuts = random.Random(seed), share, times

    def answer(self, content, times=1) -> None:
        """Answers the next requests with this, and passes nothing on."""
        self._set(("answer", content), times)

    def silence(self, times) -> None:
        """Takes the next requests and says nothing."""
        self._set(("silence",), times)

    def _next(self, request):
        with self._lock:
            if self._dice and len(self.broken) < self._cuts and self._dice.random() < self._share:
                way = self._dice.choice(WAYS)
                self.broken.append(way)
                return (way, self._dice.randrange(1, 250) if way == "after" else self._dice.random())
            if self._times and request.startswith(self._only):
                if self._skip:
                    self._skip -= 1
                    return None
                self._times -= 1
                return self._harm
        return None

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client) -> None:
        try:
            with client, socket.create_connection(self._target) as server:
                while request := _message(client):
                    harm = self._next(request)
                    kind = harm[0] if harm else None
                    if kind == "cut":
                        return
                    if kind == "silence":
                        self.held.set()
                        client.recv(1)
                        return
                    if kind == "answer":
                        client.sendall(harm[1])
                        continue
                    if kind == "half":
                        server.sendall(request[: int(len(request) * harm[1])])
                        return
                    server.sendall(request)
                    if kind == "lose":
                        _message(server)
                        return
                    self._pass(server, client, harm[1] if kind == "after" else None)
                    if kind == "after":
                        return
        except OSError:
            pass
        finally:
            self._open.discard(client)

    @staticmethod
    def _pass(server, client, most) -> None:
        if most is None:
            client.sendall(_message(server))
            return
        passed = 0
        while passed < most and (piece := server.recv(min(65536, most - passed))):
            client.sendall(piece)
            passed += len(piece)

    def close(self) -> None:
        self._listener.close()
        for client in list(self._open):
            client.close()


def _message(connection) -> bytes:
    """One request or answer, whole; empty if the other side has closed."""
    content = b""
    while b"\r\n\r\n" not in content:
        piece = connection.recv(65536)
        if not piece:
            return b""
        content += piece
    head, _, body = content.partition(b"\r\n\r\n")
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        while not content.endswith(b"0\r\n\r\n"):
            piece = connection.recv(65536)
            if not piece:
                return content
            content += piece
        return content
    for line in lower.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            missing = int(line.split(b":")[1]) - len(body)
            while missing > 0:
                piece = connection.recv(65536)
                if not piece:
                    return content
                content += piece
                missing -= len(piece)
    return content
