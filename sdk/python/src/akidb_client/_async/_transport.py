"""Sends requests: keys, time limits, retries."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import httpx

from .._wire import NDJSON, Request, Settings, decode, headers_of, may_repeat, pause_before, refusal, stopped
from ..errors import AkiDBError, ConnectionError, ProtocolError, TimeoutError
from ..results import lines

T = TypeVar("T")


class AsyncTransport:
    """One pool of connections to one server."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient | None, connections: int) -> None:
        self.settings = settings
        self._own = http is None
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._http = http or httpx.AsyncClient(limits=limits, follow_redirects=False, trust_env=False)

    async def aclose(self) -> None:
        if self._own:
            await self._http.aclose()

    async def json(self, request: Request, timeout: float | None = None) -> Any:
        return decode(await self.content(request, timeout))

    async def content(self, request: Request, timeout: float | None = None) -> bytes:
        """The answer's body, whole."""
        limit = self.settings.timeout if timeout is None else timeout
        end = time.monotonic() + limit
        attempt = 0
        while True:
            try:
                return await self._whole(await self._once(request, end, limit), end, limit)
            except AkiDBError as error:
                attempt += 1
                await self._before(attempt, request, error, end)

    async def chunks(self, request: Request, timeout: float | None = None) -> AsyncIterator[bytes]:
        """The answer's body as it comes. `timeout` is for the first piece, and for each next one."""
        limit = self.settings.timeout if timeout is None else timeout
        response = await self._open(request, time.monotonic() + limit, limit)
        try:
            async for chunk in response.aiter_bytes():
                yield chunk
        except httpx.TimeoutException:
            raise stopped(TimeoutError(f"nothing more of the answer came within {limit:g} s")) from None
        except httpx.TransportError as problem:
            raise stopped(ConnectionError(f"the answer broke off: {_reason(problem)}")) from problem
        finally:
            await response.aclose()

    async def rows(self, request: Request, timeout: float | None = None) -> AsyncIterator[list[dict[str, Any]]]:
        """The values of an answer of NDJSON, as many as have come. An error says how many that were."""
        rest = b""
        received = 0
        try:
            async for chunk in self.chunks(request, timeout):
                whole, found, tail = chunk.rpartition(b"\n")
                if not found:
                    rest += chunk
                    continue
                values = lines(rest + whole)
                received += len(values)
                yield values
                rest = tail
        except (ConnectionError, TimeoutError) as error:
            raise stopped(error, received) from error.__cause__
        if rest:
            raise stopped(ConnectionError("the answer broke off within a line"), received)

    async def lines(self, request: Request, timeout: float | None = None) -> bytes:
        """The whole of an answer of NDJSON."""
        parts = []
        async for chunk in self.chunks(request, timeout):
            parts.append(chunk)
        content = b"".join(parts)
        if content and not content.endswith(b"\n"):
            raise stopped(ConnectionError("the answer broke off within a line"))
        return content

    async def from_the_beginning(self, read: Callable[[], Awaitable[T]]) -> T:
        """What is read of a stream, read anew where it breaks off, since nothing of it was handed on."""
        attempt = 0
        while True:
            try:
                return await read()
            except ConnectionError as error:
                attempt += 1
                if error.received is None or attempt > self.settings.retries:
                    raise
                await asyncio.sleep(pause_before(attempt, error))

    async def _open(self, request: Request, end: float, limit: float) -> httpx.Response:
        """The answer with its body still to be read; a status below 300."""
        attempt = 0
        while True:
            try:
                return await self._once(request, end, limit)
            except AkiDBError as error:
                attempt += 1
                await self._before(attempt, request, error, end)

    async def _before(self, attempt: int, request: Request, error: AkiDBError, end: float) -> None:
        """Waits before a repetition, 1 for the first; raises the error if there is to be none."""
        if attempt > self.settings.retries or not may_repeat(error, request.repeatable):
            raise error
        pause = pause_before(attempt, error)
        if time.monotonic() + pause >= end:
            raise error
        await asyncio.sleep(pause)

    async def _once(self, request: Request, end: float, limit: float) -> httpx.Response:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no answer within {limit:g} s")
        try:
            response = await self._http.send(
                self._http.build_request(
                    request.method,
                    self.settings.url + request.path,
                    headers=headers_of(self.settings, request, left),
                    content=request.body,
                    timeout=left,
                ),
                stream=True,
            )
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            raise TimeoutError(f"{self.settings.url} was not reached within {limit:g} s") from None
        except httpx.TimeoutException:
            raise TimeoutError(f"no answer within {limit:g} s", in_doubt=True) from None
        except httpx.ConnectError as problem:
            raise ConnectionError(f"{self.settings.url} cannot be reached: {_reason(problem)}") from problem
        except httpx.TransportError as problem:
            raise ConnectionError(f"the connection broke: {_reason(problem)}", in_doubt=True) from problem
        except httpx.InvalidURL as problem:
            raise ProtocolError(f"{self.settings.url}: {problem}") from None
        if response.status_code >= 300:
            content = await self._whole(response, end, limit)
            if response.status_code < 400:
                raise ProtocolError(f"{self.settings.url} redirects, which AkiDB does not")
            raise refusal(response.status_code, response.headers, content)
        kind = response.headers.get("content-type", "")
        if response.status_code != 204 and not ("json" in kind or request.accept not in (NDJSON, "application/json")):
            await response.aclose()
            raise ProtocolError(f"{self.settings.url} does not answer as AkiDB does: {kind or 'no content type'}")
        return response

    async def _whole(self, response: httpx.Response, end: float, limit: float) -> bytes:
        parts = []
        try:
            async for chunk in response.aiter_bytes():
                parts.append(chunk)
                if time.monotonic() > end:
                    raise TimeoutError(f"the answer was not whole within {limit:g} s", in_doubt=True)
        except httpx.TimeoutException:
            raise TimeoutError(f"the answer was not whole within {limit:g} s", in_doubt=True) from None
        except httpx.TransportError as problem:
            raise ConnectionError(f"the answer broke off: {_reason(problem)}", in_doubt=True) from problem
        finally:
            await response.aclose()
        return b"".join(parts)


def _reason(problem: Exception) -> str:
    return str(problem) or type(problem).__name__
