"""`AkiDB.local`: the feel of an embedded database."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from akidb_client import AkiDB, AsyncAkiDB, ConfigurationError, ForbiddenError, UnauthenticatedError, col
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


async def test_tokens_see_and_do_only_what_they_are_for(prepared, tmp_path):
    with AkiDB.local(tmp_path / "data", progress=False) as own:
        own.create_table("secrets", {"a": "string"})
        own.create_table("private_notes", {"note": "string", "owner": "string"}).insert(
            [{"note": "of Ada", "owner": "ada"}, {"note": "of Bob", "owner": "bob"}]
        )
        tables = {"private_notes": {"columns": ["note", "owner"], "where": col("owner") == "ada"}}
        made = own.create_token("ada", expires_in=600, scopes=["read"], tables=tables)
        assert made.token not in repr(made)
        (key,) = own.keys()
        assert made.key_id == key.id
        with AkiDB(own.url, api_key=made.token) as hers:
            caller = hers.caller()
            assert (caller.scopes, caller.expires_at, set(caller.tables)) == (
                ("read",),
                made.expires_at,
                {"private_notes"},
            )
            assert [table.name for table in hers.tables()] == ["private_notes"]
            assert [row["note"] for row in hers.table("private_notes").select("note").collect()] == ["of Ada"]
            with pytest.raises(ForbiddenError):
                hers.table("private_notes").insert({"note": "x", "owner": "ada"})
            with pytest.raises(ForbiddenError):
                hers.create_token("ada")
        async with await AsyncAkiDB.local(tmp_path / "data", progress=False) as again:
            text = {"private_notes": {"where": "owner = 'bob'"}}
            async with AsyncAkiDB(again.url, api_key=(await again.create_token("bob", tables=text)).token) as his:
                assert await his.table("private_notes").count() == 1


@pytest.mark.parametrize("where", [None, 7])
def test_a_token_with_a_condition_that_is_none_is_not_asked_for(where):
    with AkiDB("http://127.0.0.1:1", retries=0) as client, pytest.raises(TypeError, match="condition"):
        client.create_token("ada", tables={"notes": {"where": where}})
