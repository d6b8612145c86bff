"""LangChain's vector store on a table: text in, no embedder needed; hybrid search, filters, diversity; waiting and awaiting.

from akidb_client.langchain import AkiDBVectorStore

store = AkiDBVectorStore("notes")
store.add_texts(["Ford below the mill"], [{"year": 2023}])
store.similarity_search("where can I cross?", filter={"year": {"$gte": 2020}})
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from . import AkiDB
from ._adapter import Store
from ._async._documents import both, field_of
from ._sync._documents import ID, METADATA, TEXT, VECTOR
from .filters import Condition
from .models import Metric
from .results import Hit

__all__ = ["AkiDBVectorStore"]

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"


class AkiDBVectorStore(VectorStore):
    """A table of AkiDB as a vector store.

    Args:
        table: Name of the table, with the columns `id`, `text`, `metadata` and `vector`; made when it is first needed.
        embedding: What embeds texts in this program; without it the server does.
        db: The server, as a client or an address; else `AKIDB_URL`, else `http://127.0.0.1:8080`.
        model: The server's model, where it embeds.
        metric: `cosine`, `euclidean` or `inner_product`.
        hybrid: Whether searches by text look for its words too, and join both lists.
    """

    def __init__(
        self,
        table: str,
        embedding: Embeddings | None = None,
        *,
        db: AkiDB | str | None = None,
        model: str = DEFAULT_MODEL,
        metric: Metric = "cosine",
        hybrid: bool = False,
    ) -> None:
        self._embedding = embedding
        self._hybrid = hybrid
        self._metric = metric
        self._store = Store(db, table, model=None if embedding else model, metric=metric, hybrid=hybrid)

    @property
    def embeddings(self) -> Embeddings | None:
        return self._embedding

    # ---- writing

    def add_texts(
        self, texts: Iterable[str], metadatas: list[dict[str, Any]] | None = None, *, ids: Sequence[str | None] | None = None,
        **kwargs: Any,
    ) -> list[str]:  # fmt: skip
        """Adds texts; those whose id is there replace it. Returns the ids."""
        texts = list(texts)
        vectors = self._embedding.embed_documents(texts) if self._embedding else None
        rows = _rows(texts, metadatas, ids, vectors)
        self._store.documents.put(rows)
        return [row[ID] for row in rows]

    async def aadd_texts(
        self, texts: Iterable[str], metadatas: list[dict[str, Any]] | None = None, *, ids: Sequence[str | None] | None = None,
        **kwargs: Any,
    ) -> list[str]:  # fmt: skip
        texts = list(texts)
        vectors = await self._embedding.aembed_documents(texts) if self._embedding else None
        rows = _rows(texts, metadatas, ids, vectors)
        await self._store.here().put(rows)
        return [row[ID] for row in rows]

    def add_documents(self, documents: list[Document], **kwargs: Any) -> list[str]:
        """Adds documents under their ids, or new ones."""
        ids = kwargs.pop("ids", None) or [document.id for document in documents]
        return self.add_texts(*_texts_of(documents), ids=ids, **kwargs)

    async def aadd_documents(self, documents: list[Document], **kwargs: Any) -> list[str]:
        ids = kwargs.pop("ids", None) or [document.id for document in documents]
        return await self.aadd_texts(*_texts_of(documents), ids=ids, **kwargs)

    def delete(self, ids: list[str] | None = None, *, filter: Any = None, **kwargs: Any) -> bool | None:
        """Deletes by id, or all that a filter lets pass; without either, all."""
        if ids is not None:
            self._store.documents.delete(ids)
        else:
            self._store.documents.delete_where(filter_of(filter) or [])
        return True

    async def adelete(self, ids: list[str] | None = None, *, filter: Any = None, **kwargs: Any) -> bool | None:
        if ids is not None:
            await self._store.here().delete(ids)
        else:
            await self._store.here().delete_where(filter_of(filter) or [])
        return True

    # ---- reading

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """The documents of these ids, in their order; those that are not there are left out."""
        return [_document(row) for row in self._store.documents.get(ids)]

    async def aget_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        return [_document(row) for row in await self._store.here().get(ids)]

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """The k nearest documents. `filter` is `{"year": 2023}`, `{"year": {"$gte": 2020}}`, or a condition."""
        return [document for document, _ in self.similarity_search_with_score(query, k, **kwargs)]

    async def asimilarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        return [document for document, _ in await self.asimilarity_search_with_score(query, k, **kwargs)]

    def similarity_search_with_score(
        self, query: str, k: int = 4, *, filter: Any = None, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """The k nearest documents with their similarity, higher being better."""
        question, options = self._asked(query, filter, kwargs)
        if self._embedding:
            question = self._embedding.embed_query(query)
        return _scored(self._store.documents.search(question, k, **options))

    async def asimilarity_search_with_score(
        self, query: str, k: int = 4, *, filter: Any = None, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        question, options = self._asked(query, filter, kwargs)
        if self._embedding:
            question = await self._embedding.aembed_query(query)
        return _scored(await self._store.here().search(question, k, **options))

    def _asked(self, query: Any, filter: Any, further: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
        options: dict[str, Any] = {"where": filter_of(filter), **further}
        if "score_threshold" in options:
            options["threshold"] = options.pop("score_threshold")
        if self._hybrid and isinstance(query, str) and not self._embedding:
            options["hybrid"] = TEXT
        return query, options

    def similarity_search_by_vector(
        self, embedding: list[float], k: int = 4, *, filter: Any = None, **kwargs: Any
    ) -> list[Document]:
        """The k nearest documents to a vector."""
        return [
            document
            for document, _ in _scored(self._store.documents.search(embedding, k, where=filter_of(filter), **kwargs))
        ]

    async def asimilarity_search_by_vector(
        self, embedding: list[float], k: int = 4, *, filter: Any = None, **kwargs: Any
    ) -> list[Document]:
        found = await self._store.here().search(embedding, k, where=filter_of(filter), **kwargs)
        return [document for document, _ in _scored(found)]

    def max_marginal_relevance_search(
        self, query: str, k: int = 4, fetch_k: int = 20, lambda_mult: float = 0.5, *, filter: Any = None, **kwargs: Any
    ) -> list[Document]:
        """The k documents that are near, and unlike one another; the server chooses them of the `fetch_k` nearest."""
        question: Any = self._embedding.embed_query(query) if self._embedding else query
        return self.max_marginal_relevance_search_by_vector(question, k, fetch_k, lambda_mult, filter=filter, **kwargs)

    async def amax_marginal_relevance_search(
        self, query: str, k: int = 4, fetch_k: int = 20, lambda_mult: float = 0.5, *, filter: Any = None, **kwargs: Any
    ) -> list[Document]:
        question: Any = await self._embedding.aembed_query(query) if self._embedding else query
        mmr = {"lambda": lambda_mult, "candidates": max(k, fetch_k)}
        found = await self._store.here().search(question, k, where=filter_of(filter), mmr=mmr, **kwargs)
        return [document for document, _ in _scored(found)]

    def max_marginal_relevance_search_by_vector(
        self,
        embedding: Any,
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        *,
        filter: Any = None,
        **kwargs: Any,
    ) -> list[Document]:
        mmr = {"lambda": lambda_mult, "candidates": max(k, fetch_k)}
        found = self._store.documents.search(embedding, k, where=filter_of(filter), mmr=mmr, **kwargs)
        return [document for document, _ in _scored(found)]

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        if self._metric == "cosine" and not self._hybrid:
            return lambda score: (score + 1.0) / 2.0
        return lambda score: score

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings | None = None,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        table: str = "langchain",
        **kwargs: Any,
    ) -> AkiDBVectorStore:
        """A store with these texts."""
        store = cls(table, embedding, **kwargs)
        store.add_texts(texts, metadatas, ids=ids)
        return store


def _texts_of(documents: Sequence[Document]) -> tuple[list[str], list[dict[str, Any]]]:
    return [document.page_content for document in documents], [document.metadata for document in documents]


def _rows(
    texts: list[str], metadatas: Any, ids: Sequence[str | None] | None, vectors: list[list[float]] | None
) -> list[dict[str, Any]]:
    metadatas = metadatas or [{} for _ in texts]
    keys = [key or uuid.uuid4().hex for key in ids or [None] * len(texts)]
    if not len(texts) == len(metadatas) == len(keys):
        raise ValueError(f"{len(texts)} texts, {len(metadatas)} metadatas and {len(keys)} ids do not belong together")
    rows = {
        key: {ID: key, TEXT: text, METADATA: metadata} for key, text, metadata in zip(keys, texts, metadatas)
    }  # of an id that comes twice the last counts
    if vectors is not None:
        for key, vector in zip(keys, vectors):
            rows[key][VECTOR] = vector
    return list(rows.values())


def _document(row: Mapping[str, Any]) -> Document:
    return Document(id=row[ID], page_content=row[TEXT], metadata=row[METADATA] or {})


def _scored(found: Iterable[Hit]) -> list[tuple[Document, float]]:
    return [(_document(hit.data), float(hit.score or 0.0)) for hit in found]


_OPERATORS = {"$eq": "=", "$ne": "!=", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<=", "$like": "like"}


def filter_of(filter: Any) -> Any:
    """AkiDB's filter of LangChain's customary ones: `{"a": 1}`, `{"a": {"$gt": 1}}`, `$and`, `$or`, `$not`, `$in`, `$nin`,
    `$exists`, `$between`; conditions by `col` pass as they are.

    Raises:
        ValueError: An operator is unknown.
    """
    if filter is None or isinstance(filter, Condition):
        return filter
    if not isinstance(filter, Mapping):
        raise ValueError(f"a filter is a dict or a condition, not {type(filter).__name__}")
    parts = []
    for name, value in filter.items():
        if name in ("$and", "$or"):
            parts.append(both([filter_of(part) for part in value], name[1:]))
        elif name == "$not":
            parts.append({"not": _json(filter_of(value))})
        elif name.startswith("$"):
            raise ValueError(f"{name} is no operator of a filter; there are $and, $or and $not")
        elif isinstance(value, Mapping):
            parts += [_condition(name, operator, operand) for operator, operand in value.items()]
        else:
            parts.append((field_of(name) == value).json)
    return both(parts) if parts else None


def _json(part: Any) -> Any:
    return part.json if isinstance(part, Condition) else part


def _condition(name: str, operator: str, operand: Any) -> Any:
    place = field_of(name)
    if operator in _OPERATORS:
        if operand is None:
            return (place == None if operator == "$eq" else place != None).json  # noqa: E711
        return {"column": place.name, "operator": _OPERATORS[operator], "value": operand}
    if operator == "$in":
        return place.is_in(operand).json
    if operator == "$nin":
        return place.not_in(operand).json
    if operator == "$exists":
        return (place.is_not_null() if operand else place.is_null()).json
    if operator == "$between":
        return place.between(*operand).json
    raise ValueError(
        f"{operator} is no operator of a filter; there are {', '.join([*_OPERATORS, '$in, $nin, $exists, $between'])}"
    )
