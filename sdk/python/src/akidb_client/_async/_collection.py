"""Collections of documents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from .._query import Question, vector_or_text
from .._wire import ask, change, collection_path, get, given, parameters
from ..filters import Where, where_of
from ..models import CollectionInfo, OnConflict, collection_info
from ..results import Explanation, Hit, SearchResults
from ._transport import AsyncTransport

#: Most documents that a server takes in one request.
MOST_DOCUMENTS = 1000


class AsyncCollection:
    """A collection of documents: a text, its vector, and metadata. Made by `AkiDB.collection`.

    Whatever a collection cannot do (changes and deletes by condition, streams) is done by a table.

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
            part = every[start : start + MOST_DOCUMENTS]
            body = given(documents=part, on_conflict=on_conflict)
            # with ids of their own, documents that are sent twice replace each other
            twice = on_conflict != "error" and all(document.get("id") is not None for document in part)
            request = change("POST", collection_path(self.name, "documents"), body, repeatable=twice)
            ids += [result["id"] for result in (await self._transport.json(request, timeout))["results"]]
        return ids

    async def get(self, id: str, *, include_vector: bool = False) -> dict[str, Any]:
        """A document.

        Raises:
            NotFoundError: There is none of this id.
        """
        path = collection_path(self.name, "documents", id) + parameters(include_vector=include_vector or None)
        document: dict[str, Any] = await self._transport.json(get(path))
        return document

    async def delete(self, id: str) -> None:
        """
        Raises:
            NotFoundError: There is no document of this id.
        """
        await self._transport.json(change("DELETE", collection_path(self.name, "documents", id)))

    async def documents(self, *, include_vectors: bool = False, page: int = 100) -> AsyncIterator[dict[str, Any]]:
        """All documents, page by page."""
        cursor: str | None = None
        while True:
            query = parameters(cursor=cursor, limit=page, include_vectors=include_vectors or None)
            answer = await self._transport.json(get(collection_path(self.name, "documents") + query))
            for document in answer["documents"]:
                yield document
            cursor = answer.get("next_cursor")
            if not cursor:
                return

    async def search(
        self,
        query: Question,
        *,
        limit: int = 10,
        where: Where = None,
        params: Sequence[Any] = (),
        threshold: float | None = None,
        include_vectors: bool = False,
        explain: bool = False,
        timeout: float | None = None,
    ) -> SearchResults:
        """The documents that are nearest to a text or a vector, best first.

        Args:
            query: A text, which the collection's model embeds, or a vector.
            limit: 1 to 1,000.
            where: A condition on the metadata; `area` is short for `metadata.area`.
            threshold: Least similarity, inclusive.
        """
        asked = vector_or_text(query)
        body = given(
            query=asked if isinstance(asked, str) else None,
            query_vector=None if isinstance(asked, str) else asked,
            limit=limit,
            filter=where_of(where, params),
            threshold=threshold,
            include_vectors=include_vectors or None,
            explain=explain or None,
        )
        answer = await self._transport.json(ask(collection_path(self.name, "search"), body), timeout)
        hits = []
        for found in answer["results"]:
            score = found.pop("score")
            hits.append(Hit(found, score))
        explanation = answer.get("explanation")
        return SearchResults(
            hits, None, answer.get("duration_ms"), None if explanation is None else Explanation(explanation)
        )

    async def drop(self) -> None:
        """Drops the collection with its documents."""
        await self._transport.json(change("DELETE", collection_path(self.name)))
