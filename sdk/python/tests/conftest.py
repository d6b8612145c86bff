"""A real server for the tests: `AKIDB_TEST_URL` names one that runs (with `AKIDB_API_KEY`, if it wants a key), else one is
started from the jar that `AKIDB_JAR` names."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from faults import FaultProxy

from akidb_client import AkiDB, AsyncAkiDB

REPOSITORY = Path(__file__).resolve().parents[3]


class Server:
    """A process of its own over a directory of its own, which may be killed and started again at the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.process: subprocess.Popen | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        jar = os.environ.get("AKIDB_JAR")
        if not jar:
            pytest.skip("AKIDB_JAR names no jar of a server")
        java_home = subprocess.run(
            [REPOSITORY / "scripts" / "jdk25"], capture_output=True, text=True, check=True
        ).stdout.strip()
        self.process = subprocess.Popen(
            [
                f"{java_home}/bin/java",
                f"@{REPOSITORY / 'config' / 'jvm.options'}",
                "-Xmx600m",
                "-jar",
                jar,
                "--server.address=127.0.0.1",
                "--spring.grpc.server.address=127.0.0.1",
                f"--server.port={self.port}",
                "--spring.grpc.server.port=0",
                f"--akidb.data-dir={self.folder / 'data'}",
            ],
            stdout=open(self.folder / "server.log", "wb"),  # noqa: SIM115 # the process has it
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=self.folder,
        )
        end = time.monotonic() + 120
        while time.monotonic() < end:
            text = (self.folder / "server.log").read_text()
            found = re.search(r"REST API server listening on 127\.0\.0\.1:(\d+)", text)
            if found:
                self.port = int(found[1])
                with AkiDB(self.url, retries=0) as db:
                    try:
                        db.health(part="ready")
                        return
                    except Exception:
                        pass
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError("the server did not start:\n" + (self.folder / "server.log").read_text()[-3000:])

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


@pytest.fixture(scope="session")
def url():
    named = os.environ.get("AKIDB_TEST_URL")
    if named:
        yield named
        return
    folder = Path(tempfile.mkdtemp(prefix="akidb-client-"))
    server = Server(folder)
    yield server.url
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own_server(tmp_path):
    """A server that a test may kill."""
    server = Server(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def db(url):
    with AkiDB(url) as client:
        for table in client.tables():
            if table.kind == "table":
                client.drop_table(table.name)
            else:
                client.drop_collection(table.name)
        yield client


@pytest.fixture
async def adb(url, db):
    async with AsyncAkiDB(url) as client:
        yield client


def notes_of(db: AkiDB):
    """The table that many tests search."""
    table = db.create_table("notes", {"note": "string", "year": "int"})
    table.insert(
        [
            {"note": "Ford below the mill", "year": 2023},
            {"note": "The hut serves soup", "year": 2024},
            {"note": "Ford at the old bridge", "year": 2012},
            {"note": "Snow on the pass until June", "year": 2025},
        ]
    )
    table.add_embedding("vec", "note").wait()
    return table


@pytest.fixture
def notes(db):
    return notes_of(db)


@pytest.fixture
def fault(url):
    """A proxy that breaks connections as it is told."""
    host, port = url.removeprefix("http://").split(":")
    proxy = FaultProxy(host, int(port))
    yield proxy
    proxy.close()
