"""What happens before anything is sent, and what is made of answers."""

import pickle

import pytest

from akidb_client import (
    AkiDB,
    AkiDBError,
    AsyncAkiDB,
    ConfigurationError,
    ConnectionError,
    InvalidRequestError,
    NotFoundError,
    OverloadedError,
    ProtocolError,
    UnavailableError,
)
from akidb_client._wire import may_repeat, pause_before
from akidb_client.errors import api_error


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": "ftp://x"}, "url must be such as"),
        ({"url": "http://:99999"}, "url must be such as"),
        ({"url": "localhost:8080"}, "url must be such as"),
        ({"url": "http://me:secret@x"}, "must not hold a password"),
        ({"url": "http://example.org", "api_key": "akidb_x"}, "not sent unencrypted to example.org"),
        ({"api_key": "akidb_\n"}, "characters that no key has"),
        ({"timeout": 0}, "timeout must be more than 0"),
        ({"retries": -1}, "retries must be 0 or more"),
    ],
)
@pytest.mark.parametrize("kind", [AkiDB, AsyncAkiDB])
def test_what_cannot_work_is_refused_before_anything_is_sent(kind, options, words):
    with pytest.raises(ConfigurationError, match=words):
        kind(**options)


def test_address_and_key_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("AKIDB_URL", "https://akidb.example.org/")
    monkeypatch.setenv("AKIDB_API_KEY", "akidb_k")
    with AkiDB() as db:
        assert db.url == "https://akidb.example.org"
        assert "akidb_k" not in repr(db)


def test_a_key_may_be_a_function_and_is_sent(url):
    asked = []

    def key():
        asked.append(1)
        return "akidb_unknown"

    with AkiDB(url, api_key=key) as db:
        db.health()
        db.health()
    assert len(asked) == 2


def test_errors_have_the_class_of_their_code_and_say_all_there_is():
    error = api_error("too big", 400, "OUT_OF_RANGE", "limit", "r1")
    assert type(error) is InvalidRequestError
    assert str(error) == "too big (400 OUT_OF_RANGE, field limit, request r1)"
    assert type(api_error("x", 404)) is NotFoundError
    assert type(api_error("x", 429)) is OverloadedError
    assert type(api_error("x", 502)).__name__ == "DeadlineError"
    assert type(api_error("x", 503, "MODEL_NOT_CACHED")) is UnavailableError
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.field, again.request_id) == (InvalidRequestError, "limit", "r1")
    assert isinstance(error, AkiDBError)


def test_repeats_what_may_be_repeated():
    for code in ("OVERLOADED", "RATE_LIMITED", "QUOTA_EXCEEDED", "UNAVAILABLE", "STORAGE_FULL"):
        assert may_repeat(api_error("x", 503, code), repeatable=False)
    for code in ("MODEL_NOT_CACHED", "CANCELLED", "CONFLICT", "INTERNAL"):
        assert not may_repeat(api_error("x", 503, code), repeatable=True)
    assert may_repeat(api_error("x", 504, "DEADLINE_EXCEEDED"), repeatable=True)
    assert not may_repeat(api_error("x", 504, "DEADLINE_EXCEEDED"), repeatable=False)
    assert may_repeat(ConnectionError("x"), repeatable=False)
    assert not may_repeat(ConnectionError("x", in_doubt=True), repeatable=False)
    assert may_repeat(ConnectionError("x", in_doubt=True), repeatable=True)
    assert pause_before(1, api_error("x", 429, "OVERLOADED", retry_after=7)) == 7
    assert pause_before(30, ConnectionError("x")) <= 5


def test_nobody_listens(db):
    with (
        AkiDB("http://127.0.0.1:9", retries=1) as nobody,
        pytest.raises(ConnectionError, match="cannot be reached") as raised,
    ):
        nobody.tables()
    assert not raised.value.in_doubt
    with pytest.raises(OSError):  # as Python's own
        raise raised.value


def test_a_route_that_has_no_method_yet(db):
    assert db.request("GET", "/v1/models")["data"]
    with pytest.raises(NotFoundError):
        db.request("GET", "/api/v1/nothing")


def test_what_does_not_answer_as_akidb_does(fault):
    fault.answer(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>")
    with AkiDB(fault.url, retries=0) as db:
        with pytest.raises(ProtocolError, match="text/html"):
            db.tables()
        fault.answer(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n{"a"')
        with pytest.raises(ProtocolError, match="no JSON"):
            db.tables()
        fault.answer(b"HTTP/1.1 302 Found\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n")
        with pytest.raises(ProtocolError, match="redirects"):
            db.tables()
        fault.answer(b"HTTP/1.1 500 X\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n\xff\xfe")
        with pytest.raises(AkiDBError):
            db.tables()
