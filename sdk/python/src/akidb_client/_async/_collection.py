"""Collections of documents."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from .._query import Question, changed_rows, group_of, mmr_of, sought, vector_or_text
from .._vectors import base64_of, vector_of
from .._wire import Request, ask, change, collection_path, get, given, parameters, write
from ..errors import AkiDBError
from ..filters import Where, where_of
from ..models import CollectionInfo, Metric, OnConflict, collection_info
from ..results import Explanation, SearchResults, hit_of
from ._transport import AsyncTransport

#: Most documents that a server takes in one request.
MOST_DOCUMENTS = 1000


class AsyncCollection:
    """A collection of documents: a text, its vector, and metadata. Made by `AkiDB.collection`.

    Attributes:
        name: Its name or id.
    """

    def __init__(self, transport: AsyncTransport, name: str) -> None:
        self._transport = transport
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    async def describe(self) -> CollectionInfo:
        """
        Raises:
            NotFoundError: There is no such collection.
        """
        return collection_info(await self._transport.json(get(collection_path(self.name))))

    async def insert(
        self,
        documents: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        *,
        on_conflict: OnConflict | None = None,
        timeout: float | None = None,
    ) -> list[str]:
        """Inserts documents, in requests of 1,000, each of which is kept whole or not at all.

        Args:
            documents: Each with `text`, and if you like `id`, `vector`, `metadata`. Without a vector the text is embedded.
            on_conflict: What happens to ids that exist: `replace` (default) or `error`.

        Returns:
            Their ids, in order.
        """
        every = [documents] if isinstance(documents, Mapping) else list(documents)
        ids: list[str] = []
        for start in range(0, len(every), MOST_DOCUMENTS):
            part = [_written(document, place) for place, document in enumerate(every[start : start + MOST_DOCUMENTS])]
            body = given(documents=part, on_conflict=on_conflict)
            request = write("POST", collection_path(self.name, "documents"), body)
            ids += [result["id"] for result in (await self._transport.json(request, timeout))["results"]]
        return ids

    async def get(self, id: str, *, include_vector: bool = False) -> dict[str, Any]:
        """A document.

        Raises:
            NotFoundError: There is none of this id.
        """
        path = collection_path(self.name, "documents", id) + parameters(
            include_vector=include_vector or None, encoding_format="base64" if include_vector else None
        )
        document: dict[str, Any] = await self._transport.json(get(path))
        return _read(document)

    async def delete(self, id: str) -> None:
        """
        Raises:
            NotFoundError: There is no document of this id.
        """
        await self._transport.json(write("DELETE", collection_path(self.name, "documents", id)))

    async def update(
        self,
        id: str,
        *,
        text: str | None = None,
        vector: Sequence[float] | None = None,
        metadata: Any = None,
        timeout: float | None = None,
    ) -> None:
        """Changes a document; a new text is embedded, unless its vector comes along. Metadata is replaced as a whole.

        Raises:
            NotFoundError: There is none of this id.
        """
        body = given(text=text, vector=None if vector is None else base64_of(vector, "vector"), metadata=metadata)
        await self._transport.json(write("PATCH", collection_path(self.name, "documents", id), body), timeout)

    async def update_where(
        self, metadata: Any, where: Where = None, *params: Any, ids: Sequence[str] | None = None
    ) -> int:
        """Replaces the metadata of all documents that a condition lets pass, or of these ids; how many they were."""
        body = {"metadata": metadata, **_which(where, params, ids)}
        answer = await self._transport.json(write("PATCH", collection_path(self.name, "documents"), body))
        return int(answer["updated"])

    async def delete_where(self, where: Where = None, *params: Any, ids: Sequence[str] | None = None) -> int:
        """Deletes all documents that a condition lets pass (`[]` for all), or those of these ids; how many they were."""
        body = _which(where, params, ids)
        answer = await self._transport.json(write("DELETE", collection_path(self.name, "documents"), body))
        return int(answer["deleted"])

    async def count(self, where: Where = None, *params: Any) -> int:
        """How many documents there are, or pass a condition."""
        body = given(count=True, filter=where_of(where, params))
        return int((await self._transport.json(ask(collection_path(self.name, "query"), body)))["count"])

    async def find(
        self,
        where: Where = None,
        *params: Any,
        ids: Sequence[str] | None = None,
        include_vectors: bool = False,
        page: int = 100,
    ) -> AsyncIterator[dict[str, Any]]:
        """All documents that a condition lets pass, or those of these ids (at most 1,000), page by page."""
        wanted = given(
            filter=where_of(where, params),
            ids=None if ids is None else list(ids),
            include_vectors=include_vectors or None,
            encoding_format="base64" if include_vectors else None,
            limit=page if ids is None else None,
        )
        cursor: str | None = None
        while True:
            answer = await self._transport.json(
                ask(collection_path(self.name, "query"), {**wanted, **given(cursor=cursor)})
            )
            for document in answer["documents"]:
                yield _read(document)
            cursor = answer.get("next_cursor")
            if not cursor:
                return

    async def documents(self, *, include_vectors: bool = False, page: int = 100) -> AsyncIterator[dict[str, Any]]:
        """All documents, page by page."""
        cursor: str | None = None
        while True:
            query = parameters(
                cursor=cursor,
                limit=page,
                include_vectors=include_vectors or None,
                encoding_format="base64" if include_vectors else None,
            )
            answer = await self._transport.json(get(collection_path(self.name, "documents") + query))
            for document in answer["documents"]:
                yield _read(document)
            cursor = answer.get("next_cursor")
            if not cursor:
                return

    async def text_index(self) -> str | None:
        """`building`, `ready` or `failed`; None if words are not indexed."""
        answer = await self._transport.json(get(collection_path(self.name, "text-index")))
        state: str | None = answer["state"] if answer["text_index"] else None
        return state

    async def create_text_index(self, *, timeout: float = 3600.0) -> None:
        """Indexes the words of the documents, for hybrid searches; returns when it is built.

        Raises:
            AkiDBError: It failed, or is not built after `timeout` seconds.
        """
        state = await self._transport.json(Request("PUT", collection_path(self.name, "text-index"), repeatable=True))
        end, pause = time.monotonic() + timeout, 0.02
        while state["state"] != "ready":
            if state["state"] == "failed" or time.monotonic() > end:
                raise AkiDBError(f"the text index of {self.name!r} is {state['state']}")
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 1.5)
            state = await self._transport.json(get(collection_path(self.name, "text-index")))

    async def drop_text_index(self) -> None:
        """Drops the index of words."""
        await self._transport.json(change("DELETE", collection_path(self.name, "text-index"), repeatable=True))

    async def search(
        self,
        query: Question | None = None,
        *,
        limit: int = 10,
        offset: int = 0,
        where: Where = None,
        params: Sequence[Any] = (),
        like: str | None = None,
        threshold: float | None = None,
        include_vectors: bool = False,
        metric: Metric | None = None,
        hybrid: bool | Mapping[str, Any] = False,
        mmr: float | Mapping[str, Any] | None = None,
        group: str | Mapping[str, Any] | None = None,
        input_type: str | None = None,
        exact: bool = False,
        ef: int | None = None,
        probes: int | None = None,
        explain: bool = False,
        timeout: float | None = None,
    ) -> SearchResults:
        """The documents that are nearest to a text or a vector, best first.

        Args:
            query: A text, which the collection's model embeds, or a vector.
            limit: 1 to 1,000.
            where: A condition on the metadata; `area` is short for `metadata.area`.
            like: The id of a document: searches with its vector. This or `query`.
            threshold: Least similarity, inclusive.
            hybrid: Searches the words of the query too (`create_text_index`), or with `{"weights": {...}}`.
            mmr, group, input_type, metric, exact, ef, probes, explain: As in `Table.search`.
        """
        if (query is None) == (like is None):
            raise TypeError("a search needs a query or the id of a document that it looks like, not both")
        body = given(
            **({} if query is None else sought(query)),
            like=None if like is None else {"id": like},
            limit=limit,
            offset=offset or None,
            filter=where_of(where, params),
            threshold=threshold,
            include_vectors=include_vectors or None,
            encoding_format="base64" if include_vectors else None,
            metric=metric,
            hybrid={} if hybrid is True else hybrid or None,
            mmr=mmr_of(mmr),
            group=group_of(group),
            input_type=input_type,
            exact=exact or None,
            ef=ef,
            probes=probes,
            explain=explain or None,
        )
        answer = await self._transport.json(ask(collection_path(self.name, "search"), body), timeout)
        hits = []
        for found in answer["results"]:
            data = {name: value for name, value in found.items() if name in ("id", "text", "metadata", "vector")}
            hits.append(hit_of(_read(data), found))
        explanation = answer.get("explanation")
        return SearchResults(
            hits, None, answer.get("duration_ms"), None if explanation is None else Explanation(explanation)
        )

    async def drop(self) -> None:
        """Drops the collection with its documents."""
        await self._transport.json(change("DELETE", collection_path(self.name)))


def _which(where: Where, params: Sequence[Any], ids: Sequence[str] | None) -> dict[str, Any]:
    if ids is not None:
        return {"ids": list(ids)}
    return {"filter": changed_rows(where, params, {})}


def _read(document: dict[str, Any]) -> dict[str, Any]:
    """With its vector, if it has one, as a list of numbers."""
    if isinstance(document.get("vector"), str):
        document["vector"] = vector_of(document["vector"])
    return document


def _written(document: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    """With its vector, if it has one, in base64. What is no vector the server refuses best."""
    try:
        asked = vector_or_text(document["vector"])
    except (KeyError, TypeError):
        return document
    return (
        document if isinstance(asked, str) else {**document, "vector": base64_of(asked, f"documents[{place}].vector")}
    )
