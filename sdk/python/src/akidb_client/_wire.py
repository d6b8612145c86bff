"""Requests and answers without any I/O: what both clients, the one that waits and the one that awaits, share."""

from __future__ import annotations

import datetime
import decimal
import json
import os
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from .errors import (
    UNTOUCHED,
    AkiDBError,
    ApiError,
    ConfigurationError,
    ConnectionError,
    InvalidValueError,
    ProtocolError,
    TimeoutError,
    api_error,
)

JSON = "application/json"
NDJSON = "application/x-ndjson"
Stopped = TypeVar("Stopped", bound="ConnectionError | TimeoutError")
DEFAULT_URL = "http://127.0.0.1:8080"
DEFAULT_TIMEOUT = 30.0
DEFAULT_RETRIES = 3
#: Longest X-Request-Timeout that servers accept by default, in seconds.
LONGEST = 600.0
#: Longest pause before a request is repeated, in seconds, unless the server asks for more.
LONGEST_PAUSE = 5.0


@dataclass(frozen=True)
class Request:
    """One request to the server.

    Attributes:
        method: GET, POST, PATCH or DELETE.
        path: From `/` on, percent-encoded.
        body: JSON, already written; None for none.
        repeatable: Whether it may be sent again in doubt: since doing it twice is the same as doing it once, or since it
            has a key.
        accept: Media type of the answer.
        key: Sent as `Idempotency-Key`, by which the server writes rows and documents once, however often the request
            comes.
    """

    method: str
    path: str
    body: bytes | None = None
    repeatable: bool = False
    accept: str = JSON
    key: str | None = None


@dataclass(frozen=True)
class Settings:
    """Where the server is and how it is spoken to; see `AkiDB`."""

    url: str
    api_key: str | Callable[[], str] | None
    timeout: float
    retries: int
    headers: Mapping[str, str]


def settings_of(
    url: str | None,
    api_key: str | Callable[[], str] | None,
    timeout: float,
    retries: int,
    headers: Mapping[str, str] | None,
) -> Settings:
    """
    Raises:
        ConfigurationError: The address cannot be used, or a key would travel unencrypted to another machine.
    """
    url = (url or os.environ.get("AKIDB_URL") or DEFAULT_URL).rstrip("/")
    api_key = api_key or os.environ.get("AKIDB_API_KEY") or None
    parts = urlsplit(url)
    try:
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ConfigurationError(f"url must be such as http://127.0.0.1:8080, not {url!r}")
    if parts.username or parts.password:
        raise ConfigurationError("url must not hold a password; use api_key")
    if api_key and parts.scheme == "http" and not _loopback(parts.hostname or ""):
        raise ConfigurationError(f"an API key is not sent unencrypted to {parts.hostname}; use https:")
    if isinstance(api_key, str) and not (api_key.isascii() and api_key.isprintable()):
        raise ConfigurationError("api_key holds characters that no key has")
    if not timeout > 0:
        raise ConfigurationError("timeout must be more than 0 seconds")
    if retries < 0:
        raise ConfigurationError("retries must be 0 or more")
    return Settings(
        url, api_key, float(timeout), retries, {name.lower(): value for name, value in (headers or {}).items()}
    )


def _loopback(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost") or host == "::1" or host.startswith("127.")


def headers_of(settings: Settings, request: Request, seconds: float) -> dict[str, str]:
    headers = {"accept": request.accept, "x-request-timeout": f"{min(LONGEST, max(0.001, seconds)):.3f}"}
    if request.body is not None:
        headers["content-type"] = JSON
    if request.key:
        headers["idempotency-key"] = request.key
    key = settings.api_key
    if key:
        headers["authorization"] = f"Bearer {key if isinstance(key, str) else key()}"
    headers.update(settings.headers)
    return headers


def path_of(*parts: str | int) -> str:
    """`/a/b` with each part percent-encoded.

    Raises:
        InvalidValueError: A part is no text that has a form in UTF-8.
    """
    try:
        return "".join("/" + quote(str(part), safe="") for part in parts)
    except UnicodeEncodeError as problem:
        raise InvalidValueError(f"{problem.object!r}: {problem}", None) from None


def table_path(name: str, *parts: str | int) -> str:
    return "/api/v1/tables" + path_of(name, *parts)


def collection_path(name: str, *parts: str | int) -> str:
    return "/api/v1/collections" + path_of(name, *parts)


def parameters(**values: Any) -> str:
    """A query string without what is None, with its question mark; empty if nothing is left."""
    given = [
        f"{name}={quote(str(value).lower() if isinstance(value, bool) else str(value), safe='')}"
        for name, value in values.items()
        if value is not None
    ]
    return "?" + "&".join(given) if given else ""


def given(**values: Any) -> dict[str, Any]:
    """What is not None."""
    return {name: value for name, value in values.items() if value is not None}


def get(path: str) -> Request:
    return Request("GET", path, repeatable=True)


def ask(path: str, body: Any, accept: str = JSON) -> Request:
    """A POST that changes nothing."""
    return Request("POST", path, encode(body), repeatable=True, accept=accept)


def change(method: str, path: str, body: Any = None, repeatable: bool = False) -> Request:
    """A request that changes something other than rows and documents."""
    return Request(method, path, None if body is None else encode(body), repeatable)


def write(method: str, path: str, body: Any = None) -> Request:
    """A request that writes rows or documents, once for all its attempts."""
    return Request(method, path, None if body is None else encode(body), repeatable=True, key=uuid.uuid4().hex)


def encode(value: Any) -> bytes:
    """JSON in UTF-8. Times without a zone are taken as UTC; NumPy's numbers and arrays are plain ones.

    Raises:
        InvalidValueError: JSON does not have such a value; `field` says where it is.
    """
    try:
        return _ENCODER.encode(value).encode()
    except (TypeError, ValueError, OverflowError, RecursionError) as problem:
        field = culprit(value)
        place = f"{field}: " if field else ""
        raise InvalidValueError(f"{place}{problem}", field) from None


def plain(value: Any) -> Any:
    """What JSON writes in the place of a value that it does not know."""
    if type(value).__name__ in ("NaTType", "NAType"):
        return None  # what pandas has for a missing value
    if isinstance(value, datetime.datetime):
        return instant(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (uuid.UUID, os.PathLike)):
        return str(value)
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, (set, frozenset, range, tuple)):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    if kind == "M":
        return value.astype("datetime64[us]").tolist()  # of NumPy; of nanoseconds it would make integers
    if kind == "m":
        raise TypeError("a duration has no form in JSON")
    listed = getattr(value, "tolist", None) or getattr(value, "to_list", None)
    if listed is not None:
        return listed()
    if hasattr(value, "model_dump"):
        return value.model_dump()
    raise TypeError(f"a value of type {type(value).__name__} has no form in JSON")


def instant(value: datetime.datetime) -> str:
    """RFC 3339 in UTC; a time without a zone is taken as UTC."""
    if value.tzinfo is None:
        value = value.replace(tzinfo=datetime.timezone.utc)
    return value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=plain)


def culprit(value: Any, path: str = "") -> str | None:
    """The path of the first value that JSON cannot hold; None if it is not found."""
    try:
        _ENCODER.encode(value).encode()
        return None
    except (TypeError, ValueError, OverflowError, RecursionError):
        pass
    items: list[tuple[str, Any]] = []
    if isinstance(value, Mapping):
        items = [(f"{path}.{name}" if path else str(name), part) for name, part in value.items()]
    elif isinstance(value, (list, tuple)):
        items = [(f"{path}[{index}]", part) for index, part in enumerate(value)]
    for name, part in items:
        found = culprit(part, name) if len(name) < 500 else name
        if found:
            return found
    return path or None


def decode(content: bytes) -> Any:
    """
    Raises:
        ProtocolError: It is no JSON.
    """
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError as problem:
        raise ProtocolError(f"the answer is no JSON: {problem}") from None


def refusal(status: int, headers: Mapping[str, str], content: bytes) -> ApiError:
    """The error of an answer whose status says that there is one."""
    body: Any = {}
    try:
        body = json.loads(content)
    except ValueError:
        pass  # written by something between here and the server
    if not isinstance(body, dict):
        body = {}
    detail, code, field = body.get("detail"), body.get("code"), body.get("field")
    if not isinstance(detail, str):
        detail = f"{status} {content[:200].decode('utf-8', 'replace')}".strip()
    try:
        wait: float | None = max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        wait = None
    return api_error(
        detail,
        status,
        code if isinstance(code, str) else None,
        field if isinstance(field, str) else None,
        headers.get("x-request-id"),
        wait,
    )


def stopped(error: Stopped, received: int = 0) -> Stopped:
    """The error of a stream that had begun."""
    if error.received is not None and received:
        error.args = (f"{error} (after {received} rows)",)
    error.received = received
    return error


def may_repeat(error: AkiDBError, repeatable: bool) -> bool:
    """Whether a request may be sent again after this error."""
    if isinstance(error, ApiError):
        return error.code in UNTOUCHED or (error.retryable and repeatable)
    if isinstance(error, TimeoutError):
        return False
    return isinstance(error, ConnectionError) and (repeatable or not error.in_doubt)


def pause_before(attempt: int, error: AkiDBError) -> float:
    """Seconds to wait before attempt number `attempt` (1 for the first repetition)."""
    pause: float = min(LONGEST_PAUSE, 0.1 * 2 ** (attempt - 1)) * (0.5 + random.random() / 2)
    return max(pause, (error.retry_after if isinstance(error, ApiError) else None) or 0.0)
