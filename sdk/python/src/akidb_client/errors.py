"""What can go wrong. The classes are those of the TypeScript SDK; docs/errors.md lists the codes."""

from __future__ import annotations

import builtins
from typing import Any

__all__ = [
    "AkiDBError",
    "ApiError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionError",
    "DeadlineError",
    "ForbiddenError",
    "InvalidRequestError",
    "InvalidValueError",
    "NotFoundError",
    "OverloadedError",
    "PartialInsertError",
    "ProtocolError",
    "ServerError",
    "TimeoutError",
    "TooLargeError",
    "UnauthenticatedError",
    "UnavailableError",
]


class AkiDBError(Exception):
    """What every error of this package extends.

    Attributes:
        code: A stable name: the server's `code`, or one of this package's own (`CONFIGURATION`, `INVALID_VALUE`,
            `CONNECTION`, `TIMEOUT`, `PROTOCOL`, `PARTIAL_INSERT`).
        retryable: Whether the same call may succeed later.
    """

    code = "AKIDB"
    retryable = False


class ConfigurationError(AkiDBError):
    """The client was set up or called in a way that cannot work; nothing was sent."""

    code = "CONFIGURATION"


class InvalidValueError(AkiDBError, ValueError):
    """A value cannot be written as JSON, such as NaN in a plain row; nothing was sent.

    Attributes:
        field: Its path, such as `rows[3].score`.
    """

    code = "INVALID_VALUE"

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class ConnectionError(AkiDBError, builtins.ConnectionError):
    """The server could not be reached, or the connection broke before the answer was whole.

    Attributes:
        in_doubt: Whether the request had left, so that the server may have done it.
        received: Rows of a stream that had come whole, and were handed on; None if no stream had begun.
    """

    code = "CONNECTION"
    retryable = True

    def __init__(self, message: str, in_doubt: bool = False) -> None:
        super().__init__(message)
        self.in_doubt = in_doubt
        self.received: int | None = None


class TimeoutError(AkiDBError, builtins.TimeoutError):
    """The time that the caller allowed passed.

    Attributes:
        in_doubt: Whether the request had left, so that the server may have done it.
        received: Rows of a stream that had come whole, and were handed on; None if no stream had begun.
    """

    code = "TIMEOUT"
    retryable = True

    def __init__(self, message: str, in_doubt: bool = False) -> None:
        super().__init__(message)
        self.in_doubt = in_doubt
        self.received: int | None = None


class ProtocolError(AkiDBError):
    """What came is no answer of AkiDB, such as the page of a proxy."""

    code = "PROTOCOL"


class ApiError(AkiDBError):
    """The server refused or failed.

    Attributes:
        status: The HTTP status.
        code: The server's stable code, such as `WRONG_TYPE`.
        detail: The server's sentence.
        field: Path of the value to blame, such as `rows[1].quality_score`; None if there is none.
        request_id: The request's id, which the server's log lines carry.
        retry_after: Seconds that the server asks to wait; None if it does not.
    """

    def __init__(
        self,
        detail: str,
        *,
        status: int,
        code: str,
        field: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.code = code
        self.field = field
        self.request_id = request_id
        self.retry_after = retry_after
        self.retryable = code in RETRYABLE

    def __str__(self) -> str:
        about = [f"{self.status} {self.code}"]
        if self.field:
            about.append(f"field {self.field}")
        if self.request_id:
            about.append(f"request {self.request_id}")
        return f"{self.detail} ({', '.join(about)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _api_error, (self.detail, self.status, self.code, self.field, self.request_id, self.retry_after)


class InvalidRequestError(ApiError):
    """A value breaks a rule, or a field is unknown, missing or of the wrong type; `field` names it."""


class UnauthenticatedError(ApiError):
    """The API key is missing or not valid."""


class ForbiddenError(ApiError):
    """The API key lacks the scope."""


class NotFoundError(ApiError):
    """There is no such table, row, collection, document, index or model."""


class ConflictError(ApiError):
    """Something of this name or key is there, or the request does not fit the present state."""


class TooLargeError(ApiError):
    """The body is over the server's limit."""


class OverloadedError(ApiError):
    """Too much at once; nothing of the request was done."""


class UnavailableError(ApiError):
    """The server is starting or stopping, or lacks something that it needs."""


class DeadlineError(ApiError):
    """The server ended the request since its time was over; a write may have happened."""


class ServerError(ApiError):
    """The server failed."""


class PartialInsertError(AkiDBError):
    """An insert of several requests stopped between them. Each request is kept whole or not at all.

    Attributes:
        inserted: Rows that are certainly there, counted from the beginning of what was inserted.
        in_doubt: Rows after those that may be there as well, all of them or none: 0, unless the last attempt, too, ended
            without an answer while the server may have worked.
        cause: What stopped it.
    """

    code = "PARTIAL_INSERT"

    def __init__(self, inserted: int, in_doubt: int, cause: BaseException) -> None:
        doubt = f"; the next {in_doubt} may be too, all or none" if in_doubt else ""
        super().__init__(f"{inserted} rows are inserted{doubt}; then: {cause}")
        self.inserted = inserted
        self.in_doubt = in_doubt
        self.cause = cause
        self.retryable = bool(getattr(cause, "retryable", False))


#: Codes after which the server has done nothing, so that anything may be sent again.
UNTOUCHED = frozenset(
    {
        "OVERLOADED",
        "RATE_LIMITED",
        "QUOTA_EXCEEDED",
        "UNAVAILABLE",
        "STORAGE_FULL",
        "IDEMPOTENCY_KEY_IN_USE",  # the request that came first is still being worked on; its answer comes to the next
    }
)
RETRYABLE = UNTOUCHED | {"DEADLINE_EXCEEDED", "EMBEDDING_FAILED"}

_CLASSES: dict[str, type[ApiError]] = {
    "ALREADY_EXISTS": ConflictError,
    "CONFLICT": ConflictError,
    "MODEL_CHANGED": ConflictError,
    "IDEMPOTENCY_KEY_IN_USE": ConflictError,
    "PAYLOAD_TOO_LARGE": TooLargeError,
    "OVERLOADED": OverloadedError,
    "RATE_LIMITED": OverloadedError,
    "QUOTA_EXCEEDED": OverloadedError,
    "UNAVAILABLE": UnavailableError,
    "MODEL_NOT_CACHED": UnavailableError,
    "STORAGE_FULL": UnavailableError,
    "CANCELLED": UnavailableError,
    "DEADLINE_EXCEEDED": DeadlineError,
    "UNAUTHENTICATED": UnauthenticatedError,
    "FORBIDDEN": ForbiddenError,
    "NOT_FOUND": NotFoundError,
}

#: What an answer without a code means, since something between here and the server wrote it.
_CODES = {
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    413: "PAYLOAD_TOO_LARGE",
    429: "OVERLOADED",
    502: "DEADLINE_EXCEEDED",  # a gateway cannot say whether the server had done it
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


def api_error(
    detail: str,
    status: int,
    code: str | None = None,
    field: str | None = None,
    request_id: str | None = None,
    retry_after: float | None = None,
) -> ApiError:
    """The error of an answer."""
    code = code or _CODES.get(status) or ("INVALID_ARGUMENT" if status < 500 else "INTERNAL")
    by_status = InvalidRequestError if status < 500 else ServerError
    kind = _CLASSES.get(code, by_status)
    return kind(detail, status=status, code=code, field=field, request_id=request_id, retry_after=retry_after)


_api_error = api_error
