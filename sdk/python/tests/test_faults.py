"""Cut connections, storms of 429, a server that is killed: nothing hangs, no row is lost or doubled."""

import asyncio
import threading

import pytest

from akidb_client import (
    AkiDB,
    AsyncAkiDB,
    ConnectionError,
    DeadlineError,
    OverloadedError,
    PartialInsertError,
    TimeoutError,
)

REFUSAL = b'{"code":"OVERLOADED","detail":"a queue is full"}'
STORM = (
    b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/problem+json\r\nRetry-After: 0\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(REFUSAL), REFUSAL)
)


@pytest.fixture
def through(fault, db):
    """A client whose connections go through the proxy."""
    with AkiDB(fault.url, timeout=10) as client:
        yield client


def keyed(db):
    return db.create_table("t", {"k": "int", "a": "string"}, primary_key="k")


def rows(count):
    return [{"k": i, "a": f"row {i}"} for i in range(count)]


def test_reads_go_on_over_cut_connections(fault, through, db):
    keyed(db).insert(rows(3))
    fault.cut(2)
    assert through.table("t").count() == 3
    fault.cut(2, after_request=True)
    assert through.table("t").where("k > ?", 0).collect()["k"] == [1, 2]


def test_an_insert_with_keys_goes_on_over_cut_connections_and_doubles_nothing(fault, through, db):
    keyed(db)
    for after_request in (False, True):
        fault.cut(2, after_request=after_request, only=b"POST /api/v1/tables/t/rows")
        through.table("t").insert(rows(1000), on_conflict="replace", batch_rows=100)
    assert db.table("t").count() == 1000


def test_an_insert_in_doubt_is_not_repeated_and_says_so(fault, through, db):
    table = db.create_table("t", {"a": "string"})
    through.table("t").insert({"a": "first"})
    fault.cut(1, after_request=True, only=b"POST /api/v1/tables/t/rows")
    with pytest.raises(ConnectionError) as raised:
        through.table("t").insert({"a": "second"})
    assert raised.value.in_doubt
    fault.cut(1, after_request=True, only=b"POST /api/v1/tables/t/rows", skip=2)
    with pytest.raises(PartialInsertError) as partial:
        through.table("t").insert([{"a": "many"}] * 500, batch_rows=100)
    assert (partial.value.inserted, partial.value.in_doubt) == (200, 100)
    assert table.count() in (1 + 200 + more for more in (0, 1, 100, 101))


def test_an_insert_that_never_left_is_repeated(fault, through, db):
    table = db.create_table("t", {"a": "string"})
    fault.answer(STORM, 2)
    assert through.table("t").insert({"a": "x"}).inserted == 1
    assert table.count() == 1


def test_a_server_that_knows_idempotency_keys_is_sent_changes_again(fault, through, db, monkeypatch):
    table = db.create_table("t", {"a": "string"})
    keys = []

    class Key:
        hex = "a-key"

    monkeypatch.setattr("akidb_client._wire.uuid.uuid4", lambda: keys.append(1) or Key)
    told = b'{"inserted":1,"updated":0,"ignored":0,"version":9}'
    fault.answer(
        b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nIdempotency-Key: a-key\r\nContent-Length: %d\r\n\r\n%s"
        % (len(told), told)
    )
    through.table("t").insert({"a": "first"})
    fault.cut(1, only=b"POST /api/v1/tables/t/rows")
    through.table("t").insert({"a": "second"})
    assert len(keys) == 2
    assert table.count() == 1


def test_a_storm_of_429_ends_in_its_error(fault, through, db):
    keyed(db)
    fault.answer(STORM, 1000)
    with pytest.raises(OverloadedError):
        through.table("t").count()
    fault.calm()
    assert through.table("t").count() == 0


def test_nobody_waits_longer_than_the_time_allowed(fault, through, db):
    fault.silence(1)
    with pytest.raises(TimeoutError) as raised:
        through.table("t").insert({"k": 1}, timeout=0.3)
    assert raised.value.in_doubt


def test_a_server_that_says_the_time_is_over(fault, through, db):
    fault.answer(
        b"HTTP/1.1 504 X\r\nContent-Type: application/problem+json\r\nContent-Length: 44\r\n\r\n"
        b'{"code":"DEADLINE_EXCEEDED","detail":"late"}',
        10,
    )
    with pytest.raises(DeadlineError):
        through.table("t").insert({"k": 1})


def test_a_stream_that_breaks_off_is_an_error_and_never_a_shorter_answer(fault, through, db):
    table = db.create_table("t", {"n": "int", "a": "string"})
    table.insert([{"n": i, "a": "x" * 200} for i in range(5000)], batch_rows=5000)
    for read in ("collect", "to_pandas", "to_polars", "to_arrow"):
        fault.cut(1, after_bytes=300_000, only=b"POST")
        with pytest.raises(ConnectionError):
            getattr(through.table("t").query(), read)()
    assert len(through.table("t").query().collect()) == 5000


def test_a_killed_server_that_comes_back_has_every_answered_row_once(own_server):
    with AkiDB(own_server.url, timeout=60, retries=50) as db:
        table = keyed(db)
        done = []

        def watch(count, _total):
            done.append(count)
            if len(done) == 10:
                own_server.kill()
                threading.Thread(target=own_server.start).start()

        result = table.insert(rows(4000), on_conflict="replace", batch_rows=100, progress=watch, timeout=60)
        assert result.inserted + result.updated == 4000
        assert table.count() == 4000


async def test_cancelling_ends_a_request_and_the_client_goes_on(fault, db):
    async with AsyncAkiDB(fault.url, timeout=30) as client:
        fault.silence(1)
        task = asyncio.create_task(client.tables())
        await asyncio.to_thread(fault.held.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await client.tables() == []


async def test_many_at_once_share_a_pool(url, db):
    keyed(db).insert(rows(100))
    async with AsyncAkiDB(url, connections=5) as client:
        table = client.table("t")
        found = await asyncio.gather(*(table.get(i) for i in range(100)))
    assert [row["k"] for row in found] == list(range(100))
