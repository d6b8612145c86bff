import time
import uuid

import httpx
import pytest

from akidb_client import AkiDB, AkiDBError, ConflictError, NotFoundError, TimeoutError


def test_backs_up_the_server(db):
    db.create_table("t", {"a": "string"}).insert({"a": "x"})
    name = f"client-{uuid.uuid4().hex}"
    begun = db.start_backup(name, include_audit=True)
    assert (begun.name, begun.keys, begun.audit) == (name, False, True)
    with pytest.raises(ConflictError):
        db.start_backup(name)
    end = time.monotonic() + 60
    while db.backup(name).state == "running" and time.monotonic() < end:
        time.sleep(0.02)
    made = db.backup(name)
    assert (made.state, made.error) == ("complete", None)
    assert made.bytes > 0
    assert name in [backup.name for backup in db.backups()]
    with pytest.raises(NotFoundError):
        db.backup("nothing")


def test_verifies_and_compacts_the_server(db):
    table = db.create_table("t", {"a": "string"})
    table.insert([{"a": f"{i:05}" * 200} for i in range(1000)])
    verified = db.verify()
    assert (verified.state, verified.problems, verified.error) == ("complete", (), None)
    assert verified.ended_at
    assert db.verification() == verified
    table.delete([])
    compacted = db.compact()
    assert (compacted.state, compacted.error) == ("complete", None)
    assert 0 < compacted.bytes <= compacted.bytes_before
    assert db.compaction() == compacted
    begun = db.verify(wait=False)
    assert begun.state in ("running", "complete")
    while db.verification().state == "running":
        time.sleep(0.02)
    assert db.verification().started_at == begun.started_at


def test_does_not_wait_for_ever_for_what_the_server_goes_on_with():
    there = [200]

    def answer(request):
        running = {"state": "running", "started_at": "", "step": "data", "bytes_before": 1, "bytes": 1, "free_bytes": 0}
        return httpx.Response(there[0] if request.method == "GET" else 202, json=running)

    with AkiDB("http://127.0.0.1:1", http=httpx.Client(transport=httpx.MockTransport(answer))) as client:
        with pytest.raises(TimeoutError, match="goes on"):
            client.compact(timeout=0)
        there[0] = 404  # another server answers, which knows of none
        with pytest.raises(AkiDBError, match="started anew"):
            client.verify()
        assert client.verification() is None


async def test_the_client_that_awaits_verifies_too(adb):
    assert (await adb.verify()).state == "complete"


def test_says_who_the_server_takes_it_for(db):
    caller = db.caller()
    assert (caller.key, caller.keys) == ("anonymous", False)
    assert set(caller.scopes) == {"read", "write", "admin"}


def test_shows_keys_the_log_of_changes_and_traffic(db):
    table = db.create_table("busy", {"a": "string"})
    table.insert({"a": "x"})
    assert db.keys() == []
    assert len(db.audit(limit=1)) <= 1
    requests = db.traffic()["busy"]
    assert sum(requests) >= 1
    assert db.explain_sql("select a from busy where a = ?", ["x"])


def test_keys_are_told_without_the_keys_themselves():
    key = {
        "id": "k3",
        "name": "reports",
        "scopes": ["read"],
        "created_at": "2026-11-25T10:00:00Z",
        "later": 1,
        "tables": {"t": {}},
    }
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"keys": [key]}))
    with AkiDB("http://127.0.0.1:1", http=httpx.Client(transport=transport)) as client:
        (told,) = client.keys()
    assert (told.id, told.scopes, told.expires_at, told.requests_per_second) == ("k3", ("read",), None, None)
    assert told.tables == {"t": {}}
