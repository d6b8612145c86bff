"""The server under test: started, watched and stopped."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from . import load

HOME = pathlib.Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")

GRPC = 1000
"""So far behind the port of REST lies that of gRPC."""


class Server:
    """A server on its own ports and data directory; a context manager."""

    def __init__(self, port=8780, data=None, options=(), command=None, environment=None):
        self.port = port
        self.own = None if data else tempfile.mkdtemp(prefix="akidb-bench-")
        self.data = pathlib.Path(data or self.own)
        self.command = list(command or [HOME / "scripts" / "akidb", "serve"])
        self.options = list(options)
        self.environment = environment or {}
        self.process = None
        self.ready_seconds = 0.0

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *failure):
        self.stop()
        if self.own:
            shutil.rmtree(self.own, ignore_errors=True)

    def start(self, patience=300):
        """Starts it; sets ready_seconds to the time from launch to the first healthy answer."""
        for port in (self.port, self.port + GRPC):
            _require_free(port)
        log = open(self.data.with_suffix(".log"), "ab")
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [
                *self.command,
                "--server.address=127.0.0.1",
                f"--server.port={self.port}",
                "--spring.grpc.server.address=127.0.0.1",
                f"--spring.grpc.server.port={self.port + GRPC}",
                f"--akidb.data-dir={self.data}",
                *self.options,
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **self.environment},
        )
        while time.perf_counter() - begun < patience:
            try:
                load.call(self.port, "GET", "/health/ready")
                self.ready_seconds = time.perf_counter() - begun
                return
            except (OSError, RuntimeError):
                if self.process.poll() is not None:
                    raise SystemExit(f"the server ended while starting; its log: {log.name}")
                time.sleep(0.02)
        raise SystemExit(f"the server was not ready within {patience} s; its log: {log.name}")

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(120)

    def cpu_seconds(self):
        return cpu_seconds(self.process)

    def resident_megabytes(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return float("nan")

    def measured(self, run):
        """Runs a load and notes the server's CPU time for it."""
        before = self.cpu_seconds()
        result = run()
        result.cpu = self.cpu_seconds() - before
        return result

    def call(self, method, path, body=None):
        return load.call(self.port, method, path, body)


def cpu_seconds(process):
    """The CPU time of a running process so far, of all its threads."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _require_free(port):
    """Else whoever listens there already would be measured in the server's place."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as e:
            raise SystemExit(
                f"port {port} of the server to be measured cannot be had ({e.strerror}); end the program that has it"
            )
