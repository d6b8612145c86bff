"""LlamaIndex' vector store on a table: vectors of the index's embedder, or of the server's model; filters, hybrid, diversity.

from akidb_client.llama_index import AkiDBVectorStore

store = AkiDBVectorStore(table="nodes")
index = VectorStoreIndex.from_vector_store(store)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode, MetadataMode, TextNode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
    VectorStoreQueryResult,
)
from llama_index.core.vector_stores.utils import metadata_dict_to_node, node_to_metadata_dict

from . import AkiDB
from ._adapter import Store
from ._async._documents import both, field_of
from ._sync._documents import ID, METADATA, TEXT, VECTOR
from .filters import col
from .results import Hit

__all__ = ["AkiDBVectorStore"]

REF_DOC = "ref_doc_id"
NODE = "node"


class AkiDBVectorStore(BasePydanticVectorStore):
    """A table of AkiDB as a vector store.

    Args:
        table: Name of the table, with the columns `id`, `text`, `metadata`, `vector`, `ref_doc_id` and `node`.
        db: The server, as a client or an address; else `AKIDB_URL`, else `http://127.0.0.1:8080`.
        model: The server's model that embeds texts and queries; without it nodes and queries bring their vectors.
        metric: `cosine`, `euclidean` or `inner_product`.
    """

    stores_text: bool = True
    flat_metadata: bool = False
    table: str
    model: str | None = None
    metric: str = "cosine"

    _store: Store = PrivateAttr()

    def __init__(
        self, table: str = "llama_index", *, db: AkiDB | str | None = None, model: str | None = None, metric: str = "cosine",
        **kwargs: Any,
    ) -> None:  # fmt: skip
        given: dict[str, Any] = {"table": table, "model": model, "metric": metric, "is_embedding_query": model is None}
        super().__init__(**given, **kwargs)
        columns = {REF_DOC: "string", NODE: "string"}
        self._store = Store(db, table, model=model, metric=metric, columns=columns, hybrid=model is not None)

    @classmethod
    def class_name(cls) -> str:
        return "AkiDBVectorStore"

    @property
    def client(self) -> AkiDB:
        return self._store.db

    # ---- writing

    def add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:
        """Adds nodes; those whose id is there replace it."""
        self._store.documents.put([self._row(node) for node in nodes])
        return [node.node_id for node in nodes]

    async def async_add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:
        await self._store.here().put([self._row(node) for node in nodes])
        return [node.node_id for node in nodes]

    def _row(self, node: BaseNode) -> dict[str, Any]:
        kept = node_to_metadata_dict(node, remove_text=True, flat_metadata=self.flat_metadata)
        text = node.get_content(metadata_mode=MetadataMode.NONE)
        row = {
            ID: node.node_id, TEXT: text, METADATA: node.metadata, REF_DOC: node.ref_doc_id, NODE: json.dumps(kept),
        }  # fmt: skip
        if self.model is None:
            row[VECTOR] = node.get_embedding()
        return row

    def delete(self, ref_doc_id: str, **kwargs: Any) -> None:
        """Deletes all nodes of a document."""
        self._store.documents.delete_where(col(REF_DOC) == ref_doc_id)

    async def adelete(self, ref_doc_id: str, **kwargs: Any) -> None:
        await self._store.here().delete_where(col(REF_DOC) == ref_doc_id)

    def delete_nodes(
        self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None, **kwargs: Any
    ) -> None:
        """Deletes the nodes of these ids that the filters let pass."""
        where = _condition(node_ids, filters)
        if where is not None:
            self._store.documents.delete_where(where)

    async def adelete_nodes(
        self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None, **kwargs: Any
    ) -> None:
        where = _condition(node_ids, filters)
        if where is not None:
            await self._store.here().delete_where(where)

    def clear(self) -> None:
        """Deletes all nodes."""
        self._store.documents.delete_where([])

    async def aclear(self) -> None:
        await self._store.here().delete_where([])

    # ---- reading

    def get_nodes(self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None) -> list[BaseNode]:
        """The nodes of these ids that the filters let pass."""
        return [_node(row) for row in self._store.documents.find(_condition(node_ids, filters), vectors=True)]

    async def aget_nodes(
        self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None
    ) -> list[BaseNode]:
        return [_node(row) for row in await self._store.here().find(_condition(node_ids, filters), vectors=True)]

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        """The nodes that are nearest to a vector, or to a text where the server embeds; of a query with neither, nodes that its
        filters let pass.

        Modes: default, `hybrid` and `text_search` (where the server embeds), `mmr`.
        """
        if _only_filters(query):
            found = self._store.documents.find(_where(query), limit=query.similarity_top_k)
            return VectorStoreQueryResult(nodes=[_node(row) for row in found], ids=[row[ID] for row in found])
        question, options = self._asked(query, kwargs)
        return _result(self._store.documents.search(question, query.similarity_top_k, **options))

    async def aquery(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        if _only_filters(query):
            found = await self._store.here().find(_where(query), limit=query.similarity_top_k)
            return VectorStoreQueryResult(nodes=[_node(row) for row in found], ids=[row[ID] for row in found])
        question, options = self._asked(query, kwargs)
        return _result(await self._store.here().search(question, query.similarity_top_k, **options))

    def _asked(self, query: VectorStoreQuery, further: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
        question: Any = query.query_str if self.model is not None and query.query_str else query.query_embedding
        if question is None:
            raise ValueError("a query needs a vector, or a text and a store with a model")
        options: dict[str, Any] = {"where": _where(query)}
        if query.mode == VectorStoreQueryMode.MMR:
            threshold = further.get("mmr_threshold", query.mmr_threshold)
            options["mmr"] = {"lambda": 0.5 if threshold is None else threshold}
        elif query.mode in (VectorStoreQueryMode.HYBRID, VectorStoreQueryMode.TEXT_SEARCH):
            if not isinstance(question, str):
                raise ValueError(f"mode {query.mode.value} needs a store with a model, and a text")
            alpha = 0.5 if query.alpha is None else query.alpha
            if query.mode == VectorStoreQueryMode.TEXT_SEARCH:
                alpha = 0.0
            options["hybrid"] = {"columns": [TEXT], "weights": {"similarity": alpha, "text": 1 - alpha}}
        elif query.mode != VectorStoreQueryMode.DEFAULT:
            raise ValueError(f"mode {query.mode.value} is not there; there are default, hybrid, text_search and mmr")
        return question, options


def _node(row: Mapping[str, Any]) -> BaseNode:
    try:
        node = metadata_dict_to_node(json.loads(row[NODE]))
        node.set_content(row[TEXT])
    except (ValueError, KeyError, TypeError):
        node = TextNode(id_=row[ID], text=row[TEXT], metadata=row[METADATA] or {})
    if row.get(VECTOR) is not None:
        node.embedding = row[VECTOR]
    return node


def _result(found: Sequence[Hit]) -> VectorStoreQueryResult:
    return VectorStoreQueryResult(
        nodes=[_node(hit.data) for hit in found],
        similarities=[float(hit.score or 0.0) for hit in found],
        ids=[hit.data[ID] for hit in found],
    )


def _only_filters(query: VectorStoreQuery) -> bool:
    asks = query.query_str is not None or query.query_embedding is not None
    return not asks and bool(query.filters or query.doc_ids or query.node_ids)


def _where(query: VectorStoreQuery) -> Any:
    where = _condition(query.node_ids or None, query.filters)
    if not query.doc_ids:
        return where
    of_documents = col(REF_DOC).is_in(query.doc_ids).json
    return of_documents if where is None else both([where, of_documents])


def _condition(node_ids: list[str] | None, filters: MetadataFilters | None) -> Any:
    parts = [] if node_ids is None else [col(ID).is_in(node_ids).json]
    if filters is not None and filters.filters:
        parts.append(filter_of(filters))
    return both(parts) if parts else None


_COMPARISONS = {
    FilterOperator.EQ: "=", FilterOperator.NE: "!=", FilterOperator.GT: ">", FilterOperator.GTE: ">=",
    FilterOperator.LT: "<", FilterOperator.LTE: "<=", FilterOperator.IN: "in", FilterOperator.NIN: "not in",
    FilterOperator.CONTAINS: "contains", FilterOperator.ANY: "contains any", FilterOperator.ALL: "contains all",
}  # fmt: skip


def filter_of(filters: MetadataFilters | MetadataFilter) -> Any:
    """AkiDB's filter of LlamaIndex'.

    Raises:
        ValueError: AkiDB has no such operator.
    """
    if isinstance(filters, MetadataFilters):
        parts = [filter_of(part) for part in filters.filters]
        if filters.condition == FilterCondition.NOT:
            return {"not": both(parts)}
        return both(parts, "or" if filters.condition == FilterCondition.OR else "and")
    place = field_of(filters.key)
    if filters.operator in _COMPARISONS:
        return {"column": place.name, "operator": _COMPARISONS[filters.operator], "value": filters.value}
    if filters.operator == FilterOperator.IS_EMPTY:
        return place.is_null().json
    if filters.operator == FilterOperator.TEXT_MATCH:
        escaped = str(filters.value).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return place.like(f"%{escaped}%").json
    raise ValueError(f"operator {filters.operator.value!r} is not there")
