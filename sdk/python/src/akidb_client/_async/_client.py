"""The door to a server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import httpx

from .._local import LocalServer
from .._vectors import QueryVectors, parameters_of, vector_of
from .._wire import (
    DEFAULT_RETRIES,
    DEFAULT_TIMEOUT,
    Request,
    ask,
    change,
    collection_path,
    get,
    given,
    parameters,
    path_of,
    settings_of,
    table_path,
)
from ..errors import AkiDBError, ConflictError, NotFoundError, TimeoutError
from ..filters import rights_of
from ..models import (
    BackupInfo,
    Caller,
    CollectionInfo,
    Columns,
    Compaction,
    EmbeddingModel,
    Embeddings,
    Health,
    KeyInfo,
    Metric,
    TableInfo,
    Token,
    Verification,
    backup_info,
    caller,
    collection_info,
    columns_json,
    compaction,
    embedding_model,
    health,
    key_info,
    table_info,
    token,
    verification,
)
from ..results import Rows
from ._collection import AsyncCollection
from ._table import AsyncTable
from ._transport import AsyncTransport

#: Most texts that a server takes in one request for embeddings.
MOST_TEXTS = 32
#: Most texts that it takes in one request of the plainer kind.
MOST_GENERATED = 100
#: Longest that a verification or compaction may take, in seconds.
LONGEST_RUN = 6 * 3600.0

#: What the server goes on with after its answer.
Run = TypeVar("Run", Verification, Compaction)


class AsyncAkiDB:
    """A server of AkiDB. One object serves a whole program: it keeps a pool of connections and may be used by many at once.

    Args:
        url: Address of the server; else `AKIDB_URL` of the environment, else `http://127.0.0.1:8080`.
        api_key: An API key, or a function that gives one each time it is asked; else `AKIDB_API_KEY` of the environment.
            It is never sent unencrypted to another machine.
        timeout: Seconds that a call may take with all its retries, 30 by default; of a stream, until each next piece comes.
        retries: How often a call that failed is tried again, 3 by default. Reads are repeated after broken connections
            and what the server says may pass, and so are writes of rows and documents, each with an `Idempotency-Key` by
            which it happens once; changes of tables, columns and indexes only where the server has certainly done
            nothing, or where doing it twice is the same as doing it once.
        connections: Most connections at once, 20 by default.
        headers: Headers of every request.
        query_vectors: How many vectors of searched texts are kept, 1,000 by default; 0 for none.
        http: An httpx client of your own, with proxies or certificates; it is not closed.

    Raises:
        ConfigurationError: The address cannot be used, or a key would travel unencrypted to another machine.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | Callable[[], str] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        retries: int = DEFAULT_RETRIES,
        connections: int = 20,
        headers: Mapping[str, str] | None = None,
        query_vectors: int = 1000,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        settings = settings_of(url, api_key, timeout, retries, headers)
        self._transport = AsyncTransport(settings, http, connections)
        self._vectors = QueryVectors(query_vectors)
        self._local: LocalServer | None = None

    @classmethod
    async def local(
        cls,
        data_dir: str | Path,
        *,
        home: str | Path | None = None,
        progress: bool = True,
        linger: int = 0,
        start_timeout: float = 300.0,
        settings: Mapping[str, str] | None = None,
        **options: Any,
    ) -> AsyncAkiDB:
        """The feel of an embedded database: finds the server that runs over this directory, or starts one.

        It listens at a free port of this machine with a key of its own, is shared by all processes that ask for the same
        directory, and stops when the last of them has closed it or ended.

        Args:
            data_dir: The directory of the data; made if it is not there.
            home: The folder of AkiDB, or its `scripts/akidb`; else `AKIDB_HOME`, else `akidb` on the PATH.
            progress: Whether standard error tells of a start, which takes some seconds.
            linger: Seconds that the server goes on after its last user.
            start_timeout: Seconds that the start may take.
            settings: Settings of the server, such as `{"akidb.sql.timeout": "10s"}`, if this starts it.
            options: What `AkiDB` takes beside `url` and `api_key`.

        Raises:
            ConfigurationError: There is no AkiDB to start, or it does not start; the sentence says why.
        """
        server = await asyncio.to_thread(LocalServer, data_dir, home, progress, linger, start_timeout, settings)
        try:
            client = cls(server.url, api_key=server.key, **options)
        except BaseException:
            server.close()
            raise
        client._local = server
        return client

    async def aclose(self) -> None:
        """Closes the connections; a local server stops if nobody else uses it."""
        await self._transport.aclose()
        if self._local:
            await asyncio.to_thread(self._local.close)

    async def __aenter__(self) -> AsyncAkiDB:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def url(self) -> str:
        """Address of the server."""
        return self._transport.settings.url

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    async def request(self, method: str, path: str, body: Any = None, timeout: float | None = None) -> Any:
        """Any route of the server, such as `request("GET", "/v1/models")`; the JSON of its answer.

        A GET is repeated when it fails, others only where nothing of them was done.
        """
        return await self._transport.json(get(path) if method == "GET" else change(method, path, body), timeout)

    # ---- tables

    def table(self, name: str) -> AsyncTable:
        """A table, by name; nothing is asked of the server."""
        return AsyncTable(self._transport, self._vectors, name)

    async def tables(self) -> list[TableInfo]:
        """All tables and collections."""
        return [table_info(table) for table in (await self._transport.json(get("/api/v1/tables")))["tables"]]

    async def has_table(self, name: str) -> bool:
        """Whether there is a table or collection of this name."""
        try:
            await self._transport.json(get(table_path(name)))
        except NotFoundError:
            return False
        return True

    async def create_table(
        self, name: str, columns: Columns, *, primary_key: str | None = None, if_exists: str = "error"
    ) -> AsyncTable:
        """Makes a table.

        Args:
            name: 1 to 128 characters.
            columns: Names with types (`{"title": "string", "stars": int}`), `Column`s, or the server's own JSON;
                at most 1,000.
            primary_key: A column of type string or int; without one the server numbers rows in `row_id`.
            if_exists: `error`; `ignore`, which takes the table that is there as it is; or `replace`, which drops it.

        Raises:
            ConflictError: There is such a table, and `if_exists` is `error`.
        """
        if if_exists not in ("error", "ignore", "replace"):
            raise ValueError(f"if_exists must be 'error', 'ignore' or 'replace', not {if_exists!r}")
        body = given(name=name, columns=columns_json(columns), primary_key=primary_key)
        table = self.table(name)
        if if_exists == "replace":
            await self.drop_table(name, missing_ok=True)
        try:
            await self._transport.json(change("POST", "/api/v1/tables", body))
        except ConflictError as error:
            if if_exists != "ignore" or error.code != "ALREADY_EXISTS":
                raise
        return table

    async def drop_table(self, name: str, *, missing_ok: bool = False) -> None:
        """Drops a table with its rows.

        Raises:
            NotFoundError: There is none, and `missing_ok` is false.
        """
        self._vectors.forget(name)
        try:
            await self._transport.json(change("DELETE", table_path(name)))
        except NotFoundError:
            if not missing_ok:
                raise

    async def sql(self, query: str, params: Sequence[Any] = (), *, timeout: float | None = None) -> Rows:
        """One read-only select over all tables (docs/sql.md).

        Args:
            query: The select; each `?` stands for one of the params.
            params: Strings, numbers, booleans, None, or vectors. Vectors in rows are lists of numbers.

        Raises:
            InvalidRequestError: It is no such select, or has more rows than an answer may have.
            DeadlineError: It ran for longer than the server allows.
        """
        body = {"query": query, "params": parameters_of(params), "encoding_format": "base64"}
        answer = await self._transport.json(ask("/api/v1/sql", body), timeout)
        rows: list[list[Any]] = answer["rows"]
        for place in answer.get("vectors") or ():
            for row in rows:
                if row[place] is not None:
                    row[place] = vector_of(row[place])
        return Rows([dict(zip(answer["columns"], row)) for row in rows])

    async def explain_sql(self, query: str, params: Sequence[Any] = (), *, timeout: float | None = None) -> list[str]:
        """The way that `sql` would go; only what the vector index answers is run for it."""
        body = {"query": query, "params": parameters_of(params), "explain": True}
        return list((await self._transport.json(ask("/api/v1/sql", body), timeout))["plan"])

    # ---- embeddings

    async def embed(
        self,
        texts: str | Sequence[str],
        *,
        model: str | None = None,
        input_type: str | None = None,
        dimensions: int | None = None,
        normalize: bool | None = None,
        pooling: str | None = None,
        truncate: bool | None = None,
        timeout: float | None = None,
    ) -> Embeddings:
        """Vectors of texts, in their order. Many texts go in requests of 32.

        Args:
            texts: One text or many; none of them empty.
            model: Id or alias; else the server's default.
            input_type: `query` or `document`: adds the model's own prefix.
            dimensions: Cuts vectors, for models that support it.
            normalize: Whether vectors are scaled to length 1; the server's default unless said.
            pooling: `mean`, `cls` or `last`; the model's own unless said.
            truncate: False refuses texts that are longer than the model takes.

        Raises:
            InvalidRequestError: A text is empty, or the model is unknown.
        """
        every = [texts] if isinstance(texts, str) else list(texts)
        vectors: list[list[float]] = []
        truncated: list[int] = []
        tokens = 0
        answer: Mapping[str, Any] = {}
        options = given(
            model=model,
            input_type=input_type,
            dimensions=dimensions,
            normalize=normalize,
            pooling=pooling,
            truncate=truncate,
        )
        for start in range(0, max(1, len(every)), MOST_TEXTS):
            body = {"texts": every[start : start + MOST_TEXTS], "encoding_format": "base64", **options}
            answer = await self._transport.json(ask("/api/v1/embed", body), timeout)
            vectors += map(vector_of, answer["embeddings"])
            truncated += [start + index for index in answer.get("truncated") or ()]
            tokens += answer["usage"].get("total_tokens", 0)
        return Embeddings(vectors, answer["model"], answer["dimension"], tuple(truncated), tokens)

    async def generate(
        self,
        texts: str | Sequence[str],
        model: str | None = None,
        *,
        cache: bool | None = None,
        normalize: bool | None = None,
        timeout: float | None = None,
    ) -> list[list[float]]:
        """Vectors of texts, in their order, also past the server's cache. Many texts go in requests of 100.

        Args:
            texts: One text or many; none of them empty.
            model: Id or alias; else `sentence-transformers/all-MiniLM-L6-v2`, or what the server is set to.
            cache: False neither looks into the server's cache of vectors nor fills it.
            normalize: Whether vectors are scaled to length 1; true unless said.
        """
        every = [texts] if isinstance(texts, str) else list(texts)
        vectors: list[list[float]] = []
        options = given(cache=cache, normalize=normalize) or None
        for start in range(0, max(1, len(every)), MOST_GENERATED):
            part = every[start : start + MOST_GENERATED]
            body = {"text": part, "encoding_format": "base64", **given(model=model, options=options)}
            answer = await self._transport.json(ask("/api/v1/embeddings/generate", body), timeout)
            vectors += map(vector_of, answer["embeddings"])
        return vectors

    async def models(self) -> list[EmbeddingModel]:
        """All models that are registered, the default first."""
        answer = await self._transport.json(get("/api/v1/embeddings/models"))
        return [embedding_model(model) for model in answer["models"]]

    async def preload_model(self, model: str, *, timeout: float | None = None) -> EmbeddingModel:
        """Loads a model before it is first needed; returns when it can embed."""
        request = Request("POST", "/api/v1/embeddings/models/preload", change("POST", "", {"model": model}).body, True)
        return embedding_model(await self._transport.json(request, timeout))

    async def clear_embedding_cache(self) -> None:
        """Makes the server, and this client, forget all cached vectors."""
        self._vectors.forget()
        await self._transport.json(change("DELETE", "/api/v1/embeddings/cache", repeatable=True))

    # ---- collections

    def collection(self, name: str) -> AsyncCollection:
        """A collection, by name or id; nothing is asked of the server."""
        return AsyncCollection(self._transport, name)

    async def collections(self) -> list[CollectionInfo]:
        """All collections."""
        answer = await self._transport.json(get("/api/v1/collections"))
        return [collection_info(collection) for collection in answer["collections"]]

    async def create_collection(
        self,
        name: str,
        *,
        dimension: int | None = None,
        metric: Metric | None = None,
        model: str | None = None,
        text_index: bool | None = None,
        if_exists: str = "error",
    ) -> AsyncCollection:
        """Makes a collection of documents.

        Args:
            dimension: Length of its vectors; the model's unless said.
            metric: cosine unless said.
            model: What embeds its texts; the server's default unless said.
            text_index: Whether words are indexed from the beginning, for hybrid searches.
            if_exists: `error` or `ignore`.

        Raises:
            ConflictError: There is one of this name, and `if_exists` is `error`.
        """
        if if_exists not in ("error", "ignore"):
            raise ValueError(f"if_exists must be 'error' or 'ignore', not {if_exists!r}")
        body = given(name=name, dimension=dimension, metric=metric, model=model, text_index=text_index)
        try:
            await self._transport.json(change("POST", "/api/v1/collections", body))
        except ConflictError as error:
            if if_exists != "ignore" or error.code != "ALREADY_EXISTS":
                raise
        return self.collection(name)

    async def drop_collection(self, name: str, *, missing_ok: bool = False) -> None:
        """Drops a collection with its documents."""
        try:
            await self._transport.json(change("DELETE", collection_path(name)))
        except NotFoundError:
            if not missing_ok:
                raise

    # ---- the server

    async def health(self, *, part: str = "") -> Health:
        """Whether the server can embed; with `part` `live` or `ready`, whether it is alive or takes requests.

        Raises:
            UnavailableError: It cannot, or does not.
        """
        return health(await self._transport.json(get("/health" + (path_of(part) if part else ""))))

    async def backups(self) -> list[BackupInfo]:
        """Backups in the server's directory of backups, and the one that is being made."""
        return [backup_info(backup) for backup in (await self._transport.json(get("/api/v1/backups")))["backups"]]

    async def start_backup(
        self, name: str | None = None, *, include_keys: bool = False, include_audit: bool = False
    ) -> BackupInfo:
        """Begins a copy of the database as of one commit, while others go on writing; `backup(name)` tells how it goes on.

        Args:
            name: Of its directory in the server's directory of backups; the time of day unless said.
            include_keys: The API keys too, as the hashes that the server keeps.
            include_audit: The audit log too.

        Raises:
            ConflictError: There is one of this name, or another is being made.
        """
        body = given(name=name, include_keys=include_keys, include_audit=include_audit)
        return backup_info(await self._transport.json(change("POST", "/api/v1/backups", body)))

    async def backup(self, name: str) -> BackupInfo:
        """
        Raises:
            NotFoundError: There is no such backup.
        """
        return backup_info(await self._transport.json(get("/api/v1/backups" + path_of(name))))

    async def verify(self, *, wait: bool = True, timeout: float = LONGEST_RUN) -> Verification:
        """Reads all that the server keeps as of one commit, while others go on writing, and says what is wrong with it.

        Args:
            wait: False returns at once; `verification()` tells how it goes on.
            timeout: Seconds to wait for its end; it goes on after them.

        Raises:
            ConflictError: One goes on already.
            TimeoutError: It is not over after `timeout` seconds.
        """
        begun = verification(await self._transport.json(change("POST", "/api/v1/verify")))
        return await self._ended(begun, self.verification, timeout) if wait else begun

    async def verification(self) -> Verification | None:
        """The verification that goes on, or the last one since the server started; None if there was none."""
        answer = await self._since_start("/api/v1/verify")
        return None if answer is None else verification(answer)

    async def compact(self, *, wait: bool = True, timeout: float = LONGEST_RUN) -> Compaction:
        """Gives what the database does not use back to the file system, while others go on reading and writing.

        Args:
            wait: False returns at once; `compaction()` tells how it goes on.
            timeout: Seconds to wait for its end; it goes on after them.

        Raises:
            ConflictError: One goes on already.
            TimeoutError: It is not over after `timeout` seconds.
        """
        begun = compaction(await self._transport.json(change("POST", "/api/v1/compact")))
        return await self._ended(begun, self.compaction, timeout) if wait else begun

    async def compaction(self) -> Compaction | None:
        """The compaction that goes on, or the last one since the server started; None if there was none."""
        answer = await self._since_start("/api/v1/compact")
        return None if answer is None else compaction(answer)

    async def _since_start(self, path: str) -> Any:
        try:
            return await self._transport.json(get(path))
        except NotFoundError:
            return None

    async def _ended(self, state: Run, look: Callable[[], Awaitable[Run | None]], timeout: float) -> Run:
        """The state when it is no longer `running`."""
        end, pause = time.monotonic() + timeout, 0.02
        while state.state == "running":
            if time.monotonic() > end:
                raise TimeoutError(f"it still runs after {timeout:g} s, and goes on")
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 1.5)
            found = await look()
            if found is None:
                raise AkiDBError("the server has stopped before the end, and started anew")
            state = found
        return state

    async def caller(self) -> Caller:
        """Who the server takes this client for, and what it may do."""
        return caller(await self._transport.json(get("/api/v1/caller")))

    async def keys(self) -> list[KeyInfo]:
        """The API keys, in the order in which they were made; keys are made and revoked on the server's machine."""
        return [key_info(key) for key in (await self._transport.json(get("/api/v1/keys")))["keys"]]

    async def create_token(
        self,
        subject: str,
        *,
        expires_in: int | None = None,
        scopes: Sequence[str] | None = None,
        tables: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Token:
        """Makes a short-lived token for somebody's browser or app, which never may more than this client's own key.

        Args:
            subject: Whom it is for, such as the id of a person: replicas and limits belong to the subject.
            expires_in: Seconds until it ends, an hour unless said.
            scopes: What it may do, of `read` and `write`; `read` unless said.
            tables: What it may see, by the names of tables and collections: `columns`, all unless said, and `where`, which is
                a condition as in queries; all that the key may see unless said.

        Raises:
            ForbiddenError: The client's key may less than that, or is none: a token makes no tokens.
            InvalidRequestError: A condition does not fit its table.
        """
        body = given(subject=subject, expires_in=expires_in, scopes=scopes, tables=rights_of(tables))
        return token(await self._transport.json(ask("/api/v1/tokens", body)))

    async def audit(self, *, limit: int | None = None, refused: bool | None = None) -> Rows:
        """The newest lines of the log of who changed what, newest first; none if the server keeps no such log.

        Args:
            limit: 1 to 1,000 lines, 100 by default.
            refused: Changes that were refused instead.
        """
        answer = await self._transport.json(get("/api/v1/audit" + parameters(limit=limit, refused=refused)))
        return Rows(answer["entries"])

    async def traffic(self) -> dict[str, list[int]]:
        """How often the rows of tables and collections were asked for over the last hour, by the minute, by name."""
        answer = await self._transport.json(get("/api/v1/traffic"))
        return {table["name"]: table["requests"] for table in answer["tables"]}

    async def version(self) -> str:
        """The server's version."""
        return str((await self._transport.json(get("/version")))["version"])

    async def metrics(self) -> str:
        """The server's metrics in Prometheus' text format."""
        return (
            await self._transport.content(Request("GET", "/metrics", repeatable=True, accept="text/plain"))
        ).decode()
