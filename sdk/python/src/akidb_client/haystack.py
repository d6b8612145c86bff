"""Haystack's document store on a table, and retrievers by text, by vector, and by both and words.

from akidb_client.haystack import AkiDBDocumentStore, AkiDBTextRetriever

store = AkiDBDocumentStore("documents", model="sentence-transformers/all-MiniLM-L6-v2")
store.write_documents([Document(content="Ford below the mill")])
AkiDBTextRetriever(store).run("where can I cross?")
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from haystack import Document, component, default_from_dict, default_to_dict
from haystack.dataclasses import ByteStream
from haystack.document_stores.errors import DuplicateDocumentError
from haystack.document_stores.types import DuplicatePolicy
from haystack.errors import FilterError

from ._adapter import Store
from ._async._documents import AsyncDocuments, both
from ._sync._documents import ID, METADATA, TEXT, VECTOR, Documents
from .errors import ConflictError
from .filters import Field, col
from .models import Metric
from .results import Hit

__all__ = ["AkiDBDocumentStore", "AkiDBEmbeddingRetriever", "AkiDBTextRetriever"]

EXTRA = "extra"


class AkiDBDocumentStore:
    """A table of AkiDB as a document store.

    Args:
        table: Name of the table, with the columns `id`, `text`, `metadata`, `vector` and `extra`; made when needed.
        url: Address of the server; else `AKIDB_URL`, else `http://127.0.0.1:8080`. Keys come from `AKIDB_API_KEY`.
        model: The server's model that embeds documents and queries; without it documents bring their embeddings.
        embedding_dim: Length of those embeddings.
        metric: `cosine`, `euclidean` or `inner_product`.
    """

    def __init__(
        self,
        table: str = "documents",
        *,
        url: str | None = None,
        model: str | None = None,
        embedding_dim: int = 768,
        metric: Metric = "cosine",
    ) -> None:
        self._given = {"table": table, "url": url, "model": model, "embedding_dim": embedding_dim, "metric": metric}
        self._dimensions = None if model else embedding_dim
        self._model = model
        self._store = Store(url, table, model=model, metric=metric, columns={EXTRA: "json"}, hybrid=model is not None)

    def _made(self) -> Documents:
        self._store.documents.make(self._dimensions)
        return self._store.documents

    async def _amade(self) -> AsyncDocuments:
        documents = self._store.here()
        await documents.make(self._dimensions)
        return documents

    def to_dict(self) -> dict[str, Any]:
        """How pipelines keep it; no key is in it."""
        return default_to_dict(self, **self._given)  # type: ignore[no-any-return]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> AkiDBDocumentStore:
        return default_from_dict(cls, data)  # type: ignore[no-any-return]

    # ---- what every document store has

    def count_documents(self) -> int:
        return self._made().count()

    async def count_documents_async(self) -> int:
        return await (await self._amade()).count()

    def filter_documents(self, filters: dict[str, Any] | None = None) -> list[Document]:
        """The documents that Haystack's filter lets pass.

        Raises:
            FilterError: It is none.
        """
        return [_document(row) for row in self._made().find(filter_of(filters), vectors=True)]

    async def filter_documents_async(self, filters: dict[str, Any] | None = None) -> list[Document]:
        return [_document(row) for row in await (await self._amade()).find(filter_of(filters), vectors=True)]

    def write_documents(self, documents: list[Document], policy: DuplicatePolicy = DuplicatePolicy.NONE) -> int:
        """Writes documents; how many are new, or were overwritten.

        Raises:
            DuplicateDocumentError: One is there, and the policy is FAIL or NONE; nothing of the request was written.
            ValueError: These are no documents.
        """
        rows = self._rows(documents)
        try:
            return self._made().put(rows, _CONFLICTS[policy])
        except ConflictError as error:
            raise DuplicateDocumentError(str(error)) from error

    async def write_documents_async(
        self, documents: list[Document], policy: DuplicatePolicy = DuplicatePolicy.NONE
    ) -> int:
        rows = self._rows(documents)
        try:
            return await (await self._amade()).put(rows, _CONFLICTS[policy])
        except ConflictError as error:
            raise DuplicateDocumentError(str(error)) from error

    def delete_documents(self, document_ids: list[str]) -> None:
        self._made().delete(document_ids)

    async def delete_documents_async(self, document_ids: list[str]) -> None:
        await (await self._amade()).delete(document_ids)

    # ---- what many have

    def delete_all_documents(self) -> None:
        self._made().delete_where([])

    async def delete_all_documents_async(self) -> None:
        await (await self._amade()).delete_where([])

    def delete_by_filter(self, filters: dict[str, Any]) -> int:
        return self._made().delete_where(filter_of(filters) or [])

    async def delete_by_filter_async(self, filters: dict[str, Any]) -> int:
        return await (await self._amade()).delete_where(filter_of(filters) or [])

    def update_by_filter(self, filters: dict[str, Any], meta: dict[str, Any]) -> int:
        """Sets fields of the metadata of all documents that pass; the others stay."""
        documents = self._made()
        rows = documents.find(filter_of(filters))
        for values, ids in _changes(rows, meta):
            documents.table.update({METADATA: values}, col(ID).is_in(ids))
        return len(rows)

    async def update_by_filter_async(self, filters: dict[str, Any], meta: dict[str, Any]) -> int:
        documents = await self._amade()
        rows = await documents.find(filter_of(filters))
        for values, ids in _changes(rows, meta):
            await documents.table.update({METADATA: values}, col(ID).is_in(ids))
        return len(rows)

    def count_documents_by_filter(self, filters: dict[str, Any]) -> int:
        return self._made().count(filter_of(filters))

    async def count_documents_by_filter_async(self, filters: dict[str, Any]) -> int:
        return await (await self._amade()).count(filter_of(filters))

    def count_unique_metadata_by_filter(self, filters: dict[str, Any], metadata_fields: list[str]) -> dict[str, int]:
        """How many different values each field has among the documents that pass."""
        return _unique(self._made().find(filter_of(filters)), metadata_fields)

    async def count_unique_metadata_by_filter_async(
        self, filters: dict[str, Any], metadata_fields: list[str]
    ) -> dict[str, int]:
        return _unique(await (await self._amade()).find(filter_of(filters)), metadata_fields)

    def get_metadata_fields_info(self) -> dict[str, dict[str, str]]:
        """Types of the fields of the metadata."""
        return _fields(self._made().find())

    async def get_metadata_fields_info_async(self) -> dict[str, dict[str, str]]:
        return _fields(await (await self._amade()).find())

    def get_metadata_field_min_max(self, metadata_field: str) -> dict[str, Any]:
        """The least and the greatest value of a field."""
        return _min_max(self._made().find(), metadata_field)

    async def get_metadata_field_min_max_async(self, metadata_field: str) -> dict[str, Any]:
        return _min_max(await (await self._amade()).find(), metadata_field)

    def get_metadata_field_unique_values(
        self, metadata_field: str, search_term: str | None = None, from_: int = 0, size: int = 10,
        filters: dict[str, Any] | None = None,
    ) -> tuple[list[Any], int]:  # fmt: skip
        """Different values of a field, of documents whose text has the term, page by page, and how many there are."""
        return _values(self._made().find(filter_of(filters)), metadata_field, search_term, from_, size)

    async def get_metadata_field_unique_values_async(
        self, metadata_field: str, search_term: str | None = None, from_: int = 0, size: int = 10,
        filters: dict[str, Any] | None = None,
    ) -> tuple[list[Any], int]:  # fmt: skip
        return _values(await (await self._amade()).find(filter_of(filters)), metadata_field, search_term, from_, size)

    # ---- for retrievers

    def search(self, query: Any, top_k: int, filters: dict[str, Any] | None = None, **options: Any) -> list[Document]:
        """The nearest documents to a vector, or to a text where the server embeds."""
        return _found(self._made().search(query, top_k, where=filter_of(filters), include_vectors=True, **options))

    async def search_async(
        self, query: Any, top_k: int, filters: dict[str, Any] | None = None, **options: Any
    ) -> list[Document]:
        documents = await self._amade()
        return _found(await documents.search(query, top_k, where=filter_of(filters), include_vectors=True, **options))

    def _rows(self, documents: Any) -> list[dict[str, Any]]:
        if not isinstance(documents, Iterable) or isinstance(documents, (str, bytes)):
            raise ValueError("write_documents() takes a list of documents")
        rows = []
        for document in documents:
            if not isinstance(document, Document):
                raise ValueError(f"write_documents() takes documents, not {type(document).__name__}")
            rows.append(self._row(document))
        return rows

    def _row(self, document: Document) -> dict[str, Any]:
        extra: dict[str, Any] = {}
        if document.blob is not None:
            blob = document.blob
            extra["blob"] = {"data": list(blob.data), "meta": blob.meta, "mime_type": blob.mime_type}
        if document.sparse_embedding is not None:
            extra["sparse_embedding"] = document.sparse_embedding.to_dict()
        meta = json.loads(json.dumps(document.meta, default=_plain))
        row = {ID: document.id, TEXT: document.content, METADATA: meta, EXTRA: extra or None}
        if self._model is None:
            row[VECTOR] = document.embedding
        return row


_CONFLICTS = {
    DuplicatePolicy.NONE: "error",
    DuplicatePolicy.FAIL: "error",
    DuplicatePolicy.SKIP: "ignore",
    DuplicatePolicy.OVERWRITE: "replace",
}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _document(row: Mapping[str, Any]) -> Document:
    extra = row.get(EXTRA) or {}
    document = Document(id=row[ID], content=row[TEXT], meta=row[METADATA] or {}, embedding=row.get(VECTOR))
    if "blob" in extra:
        blob = extra["blob"]
        document = replace(document, blob=ByteStream(bytes(blob["data"]), blob["meta"], blob["mime_type"]))
    if "sparse_embedding" in extra:
        from haystack.dataclasses import SparseEmbedding

        document = replace(document, sparse_embedding=SparseEmbedding.from_dict(extra["sparse_embedding"]))
    return document


def _found(hits: Sequence[Hit]) -> list[Document]:
    return [replace(_document(hit.data), score=hit.score) for hit in hits]


def _name(field: str) -> str:
    return field.removeprefix("meta.")


def _at(row: Mapping[str, Any], field: str) -> Any:
    value: Any = row[METADATA]
    for step in _name(field).split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _changes(rows: list[dict[str, Any]], meta: Mapping[str, Any]) -> Iterable[tuple[dict[str, Any], list[str]]]:
    """New metadata with the ids of the documents that get it."""
    groups: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for row in rows:
        values = {**(row[METADATA] or {}), **meta}
        groups.setdefault(json.dumps(values, sort_keys=True, default=_plain), (values, []))[1].append(row[ID])
    return groups.values()


def _unique(rows: list[dict[str, Any]], fields: list[str]) -> dict[str, int]:
    return {
        _name(field): len({json.dumps(_at(row, field)) for row in rows if _at(row, field) is not None})
        for field in fields
    }


def _fields(rows: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    kinds: dict[str, dict[str, str]] = {}
    names = {bool: "boolean", int: "long", float: "float", str: "keyword"}
    for row in rows:
        for name, value in (row[METADATA] or {}).items():
            kinds.setdefault(name, {"type": names.get(type(value), "json")})
    if rows and any(row[TEXT] for row in rows):
        kinds["content"] = {"type": "text"}
    return kinds


def _min_max(rows: list[dict[str, Any]], field: str) -> dict[str, Any]:
    values = [value for value in (_at(row, field) for row in rows) if value is not None]
    return {"min": min(values, default=None), "max": max(values, default=None)}


def _values(rows: list[dict[str, Any]], field: str, term: str | None, start: int, size: int) -> tuple[list[Any], int]:
    unique: dict[str, Any] = {}
    for row in rows:
        value = _at(row, field)
        for one in value if isinstance(value, list) else [value]:
            if one is not None and (term is None or term.lower() in str(one).lower()):
                unique.setdefault(json.dumps(one), one)
    values = sorted(unique.values(), key=lambda value: (str(type(value)), value))
    return values[start : start + size], len(values)


# ---- Haystack's filters

_COMPARED = {"==": "=", "!=": "!=", ">": ">", ">=": ">=", "<": "<", "<=": "<=", "in": "in", "not in": "not in"}
_OPPOSITE = {"==": "!=", "!=": "==", ">": "<=", ">=": "<", "<": ">=", "<=": ">", "in": "not in", "not in": "in"}


def filter_of(filters: Mapping[str, Any] | None) -> Any:
    """AkiDB's filter of Haystack's, in which a missing value differs from every value.

    Raises:
        FilterError: It is none.
    """
    return _part(filters, False) if filters else None


def _part(filters: Any, turned: bool) -> Any:
    if not isinstance(filters, Mapping):
        raise FilterError(f"a filter must be a dict, not {type(filters).__name__}")
    if "field" in filters:
        return _comparison(filters, turned)
    if "operator" not in filters:
        raise FilterError(f"'operator' key missing in {filters}")
    if "conditions" not in filters:
        raise FilterError(f"'conditions' key missing in {filters}")
    word = filters["operator"]
    if word not in ("AND", "OR", "NOT"):
        raise FilterError(f"operator {word!r} is none of AND, OR, NOT")
    inner = turned != (word == "NOT")
    parts = [_part(condition, inner) for condition in filters["conditions"]]
    if not parts:
        raise FilterError(f"no conditions in {filters}")
    # NOT means that not all of them hold; turned around, all become any
    return both(parts, "or" if (word == "OR") != inner else "and")


def _comparison(filters: Mapping[str, Any], turned: bool) -> Any:
    for key in ("operator", "value"):
        if key not in filters:
            raise FilterError(f"{key!r} key missing in {filters}")
    word, value = filters["operator"], filters["value"]
    if word not in _COMPARED:
        raise FilterError(f"unknown comparison operator {word!r}; there are {', '.join(_COMPARED)}")
    if word in ("in", "not in"):
        if not isinstance(value, list):
            raise FilterError(f"the value of {word!r} must be a list, not {type(value).__name__}")
    elif word in (">", ">=", "<", "<="):
        _check_ordered(value)
    place = _place(filters["field"])
    operator = _OPPOSITE[word] if turned else word
    if word in (">", ">=", "<", "<=") and value is None:
        everything = {"or": [place.is_null().json, place.is_not_null().json]}
        return everything if turned else {"and": [place.is_null().json, place.is_not_null().json]}
    if value is None:
        return (place.is_null() if operator == "==" else place.is_not_null()).json
    if word in ("in", "not in"):
        return _among(place, value, operator == "in")
    condition = {"column": place.name, "operator": _COMPARED[operator], "value": _constant(value)}
    missing_too = operator == "!=" or (turned and word in (">", ">=", "<", "<="))
    return {"or": [condition, place.is_null().json]} if missing_too else condition


def _among(place: Field, values: list[Any], inside: bool) -> Any:
    there = [_constant(value) for value in values if value is not None]
    if inside:
        parts = ([place.is_in(there).json] if there else []) + ([place.is_null().json] if None in values else [])
        return both(parts, "or") if parts else {"and": [place.is_null().json, place.is_not_null().json]}
    out = place.not_in(there).json if there else place.is_not_null().json
    return out if None in values else {"or": [out, place.is_null().json]}


def _check_ordered(value: Any) -> None:
    if isinstance(value, str):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            raise FilterError(
                "texts cannot be compared with >, >=, <, <=, unless they are dates as ISO has them"
            ) from None
    elif isinstance(value, (list, dict)):
        raise FilterError(f"a {type(value).__name__} cannot be compared with >, >=, <, <=")


def _constant(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _place(name: str) -> Field:
    if name == "id":
        return col(ID)
    if name == "content":
        return col(TEXT)
    place = col(METADATA)
    for step in _name(name).split("."):
        place = place[step]
    return place


@component
class AkiDBEmbeddingRetriever:
    """The documents that are nearest to a vector.

    Args:
        document_store: The store.
        top_k: How many.
        filters: Which; those of a run come in their place.
        score_threshold: Least similarity, inclusive.
    """

    def __init__(
        self,
        document_store: AkiDBDocumentStore,
        *,
        top_k: int = 10,
        filters: dict[str, Any] | None = None,
        score_threshold: float | None = None,
    ) -> None:
        self.document_store = document_store
        self.top_k = top_k
        self.filters = filters
        self.score_threshold = score_threshold

    @component.output_types(documents=list[Document])
    def run(
        self, query_embedding: list[float], filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        found = self.document_store.search(
            query_embedding, top_k or self.top_k, filters or self.filters, threshold=self.score_threshold
        )
        return {"documents": found}

    @component.output_types(documents=list[Document])
    async def run_async(
        self, query_embedding: list[float], filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        found = await self.document_store.search_async(
            query_embedding, top_k or self.top_k, filters or self.filters, threshold=self.score_threshold
        )
        return {"documents": found}

    def to_dict(self) -> dict[str, Any]:
        return default_to_dict(  # type: ignore[no-any-return]
            self, document_store=self.document_store.to_dict(), top_k=self.top_k, filters=self.filters,
            score_threshold=self.score_threshold,
        )  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> AkiDBEmbeddingRetriever:
        parameters = data["init_parameters"]
        parameters["document_store"] = AkiDBDocumentStore.from_dict(parameters["document_store"])
        return default_from_dict(cls, data)  # type: ignore[no-any-return]


@component
class AkiDBTextRetriever:
    """The documents that are nearest to a text, in a store with a model.

    Args:
        document_store: The store.
        top_k: How many.
        filters: Which; those of a run come in their place.
        hybrid: Whether the words of the text are searched too, and both lists joined.
    """

    def __init__(
        self,
        document_store: AkiDBDocumentStore,
        *,
        top_k: int = 10,
        filters: dict[str, Any] | None = None,
        hybrid: bool = False,
    ) -> None:
        if document_store._model is None:
            raise ValueError("AkiDBTextRetriever needs a store with a model, AkiDBDocumentStore(model=...)")
        self.document_store = document_store
        self.top_k = top_k
        self.filters = filters
        self.hybrid = hybrid

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        options = {"hybrid": TEXT} if self.hybrid else {}
        return {"documents": self.document_store.search(query, top_k or self.top_k, filters or self.filters, **options)}

    @component.output_types(documents=list[Document])
    async def run_async(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        options = {"hybrid": TEXT} if self.hybrid else {}
        found = await self.document_store.search_async(query, top_k or self.top_k, filters or self.filters, **options)
        return {"documents": found}

    def to_dict(self) -> dict[str, Any]:
        return default_to_dict(  # type: ignore[no-any-return]
            self,
            document_store=self.document_store.to_dict(),
            top_k=self.top_k,
            filters=self.filters,
            hybrid=self.hybrid,
        )

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> AkiDBTextRetriever:
        parameters = data["init_parameters"]
        parameters["document_store"] = AkiDBDocumentStore.from_dict(parameters["document_store"])
        return default_from_dict(cls, data)  # type: ignore[no-any-return]
