"""`AkiDB.local`: the feel of an embedded database."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from akidb_client import AkiDB, AsyncAkiDB, ConfigurationError, UnauthenticatedError
from akidb_client._local import launcher


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """One unpacked jar for all starts here."""
    if not os.environ.get("AKIDB_JAR"):
        pytest.skip("AKIDB_JAR names no jar of a server")
    os.environ.setdefault("AKIDB_PREPARED", str(tmp_path_factory.mktemp("prepared") / "run"))
    os.environ["AKIDB_JAVA_OPTS"] = "-Xmx500m"


def ended(pid: int) -> bool:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


OTHER = """
import sys
from akidb_client import AkiDB
db = AkiDB.local(sys.argv[1])
print(db.url, db.table("t").count(), flush=True)
sys.stdin.read()
"""


async def test_processes_share_a_server_that_stops_with_the_last_of_them(prepared, tmp_path):
    with AkiDB.local(tmp_path / "data", progress=False) as db:
        db.create_table("t", {"a": "string"}).insert({"a": "kept"})
        pid = db._local.pid
        assert db._local.started
        with AkiDB(db.url) as stranger, pytest.raises(UnauthenticatedError):
            stranger.tables()
        other = subprocess.Popen(
            [sys.executable, "-c", OTHER, str(tmp_path / "data")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert other.stdout.readline().split() == [db.url, "1"]
        url = db.url
    # the other process still uses it
    async with await AsyncAkiDB.local(tmp_path / "data", progress=False) as again:
        assert again.url == url
        assert not again._local.started
        assert await again.table("t").count() == 1
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert ended(pid)
    assert not (tmp_path / "data" / "local" / "server.json").exists()
    assert (tmp_path / "data" / "local" / "key").stat().st_mode & 0o077 == 0


def test_says_why_there_is_none_to_start(monkeypatch, tmp_path):
    with pytest.raises(ConfigurationError, match="no folder of AkiDB"):
        AkiDB.local(tmp_path, home=tmp_path)
    monkeypatch.setenv("AKIDB_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(ConfigurationError, match="has no scripts/akidb"):
        AkiDB.local(tmp_path)
    monkeypatch.delenv("AKIDB_HOME")
    monkeypatch.setattr("akidb_client._local.__file__", str(tmp_path / "site" / "_local.py"))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ConfigurationError, match="there is no AkiDB to start: put its scripts/akidb on the PATH"):
        AkiDB.local(tmp_path)


def test_says_why_it_does_not_start(prepared, tmp_path):
    with pytest.raises(ConfigurationError, match="did not start"):
        AkiDB.local(tmp_path / "data", progress=False, settings={"akidb.no-such": "1"})
    assert not list((tmp_path / "data" / "local" / "users").iterdir())


def test_the_launcher_of_a_checkout_is_found():
    assert launcher(None).name == "akidb"
    assert launcher(Path(__file__).parents[3]) == launcher(Path(__file__).parents[3] / "scripts" / "akidb")
