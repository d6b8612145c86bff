"""Errors of the same names as Pixeltable's; `pixeltable.exceptions` under `install()`."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterator
from typing import Any

from ..errors import (
    AkiDBError,
    ApiError,
    ConflictError,
    InvalidValueError,
    OverloadedError,
    UnauthenticatedError,
    UnavailableError,
)
from ..errors import ConnectionError as NoConnection
from ..errors import ForbiddenError as Forbidden
from ..errors import NotFoundError as NothingThere

__all__ = [
    "AlreadyExistsError",
    "AuthorizationError",
    "ConcurrencyError",
    "Error",
    "ErrorCode",
    "ExternalServiceError",
    "InternalError",
    "NotFoundError",
    "NotSupported",
    "PixeltableWarning",
    "RequestError",
    "ServiceUnavailableError",
    "UserError",
]


class ErrorCode(enum.Enum):
    """Codes that programs look at; a selection of Pixeltable's."""

    INTERNAL_ERROR = 0
    GENERIC_USER_ERROR = 1
    COLUMN_NOT_FOUND = 1000
    PATH_NOT_FOUND = 1001
    INDEX_NOT_FOUND = 1004
    ROW_NOT_FOUND = 1006
    COLUMN_ALREADY_EXISTS = 2000
    PATH_ALREADY_EXISTS = 2001
    INDEX_ALREADY_EXISTS = 2002
    INVALID_ARGUMENT = 3005
    CONSTRAINT_VIOLATION = 3009
    UNSUPPORTED_OPERATION = 3010
    INSUFFICIENT_PRIVILEGES = 4000
    PROVIDER_ERROR = 5000
    DATABASE_UNAVAILABLE = 6000
    SERIALIZATION_FAILURE = 7000


class Error(Exception):
    """What every error of the layer extends.

    Attributes:
        error_code: What kind of error it is.
    """

    _code = ErrorCode.INTERNAL_ERROR

    def __init__(self, *message: Any, code: ErrorCode | None = None) -> None:
        # Pixeltable's own are made of a code and a message
        if message and isinstance(message[0], enum.Enum):
            code, message = message[0], message[1:]  # type: ignore[assignment]
        super().__init__(*message)
        self.error_code = code or self._code

    @property
    def message(self) -> str:
        return str(self)


class InternalError(Error):
    pass


class UserError(Error):
    _code = ErrorCode.GENERIC_USER_ERROR


class NotFoundError(Error):
    _code = ErrorCode.PATH_NOT_FOUND


class AlreadyExistsError(Error):
    _code = ErrorCode.PATH_ALREADY_EXISTS


class RequestError(Error):
    _code = ErrorCode.INVALID_ARGUMENT


class NotSupported(RequestError):
    """AkiDB has no such thing; the message says why, and what to do instead."""

    _code = ErrorCode.UNSUPPORTED_OPERATION


class AuthorizationError(Error):
    _code = ErrorCode.INSUFFICIENT_PRIVILEGES


class ExternalServiceError(Error):
    _code = ErrorCode.PROVIDER_ERROR


class ServiceUnavailableError(Error):
    _code = ErrorCode.DATABASE_UNAVAILABLE


class ConcurrencyError(Error):
    _code = ErrorCode.SERIALIZATION_FAILURE


class PixeltableWarning(Warning):
    pass


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Errors of the client as Pixeltable has them."""
    try:
        yield
    except (UnauthenticatedError, Forbidden) as error:
        raise AuthorizationError(str(error)) from error
    except NothingThere as error:
        raise NotFoundError(str(error)) from error
    except ConflictError as error:
        raise AlreadyExistsError(str(error)) from error
    except (UnavailableError, OverloadedError, NoConnection) as error:
        raise ServiceUnavailableError(str(error)) from error
    except AkiDBError as error:
        raise (RequestError if isinstance(error, (ApiError, InvalidValueError)) else Error)(str(error)) from error
