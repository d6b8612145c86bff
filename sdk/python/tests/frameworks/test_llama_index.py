"""What other stores of LlamaIndex are tested for: adding, queries with filters, deletes by document and by id, order."""

import pytest

pytest.importorskip("llama_index.core")

from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
)

from akidb_client.llama_index import AkiDBVectorStore

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
TEXTS = ["Ford below the mill", "The hut serves soup", "Ford at the old bridge"]


def nodes(vectors=True):
    made = []
    for number, text in enumerate(TEXTS):
        vector = [0.0, 0.0, 0.0]
        vector[number] = 1.0
        node = TextNode(
            id_=f"n{number}", text=text, embedding=vector if vectors else None,
            metadata={"year": 2020 + number, "tags": {"kind": "way" if number % 2 == 0 else "food"}},
        )  # fmt: skip
        node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=f"d{number // 2}")
        made.append(node)
    return made


@pytest.fixture
def store(db):
    store = AkiDBVectorStore("nodes", db=db)
    assert store.add(nodes()) == ["n0", "n1", "n2"]
    return store


def one(key, value, operator=FilterOperator.EQ):
    return MetadataFilters(filters=[MetadataFilter(key=key, value=value, operator=operator)])


def test_finds_the_nearest_with_everything_that_nodes_have(store):
    found = store.query(VectorStoreQuery(query_embedding=[0.9, 0.2, 0.0], similarity_top_k=2))
    assert found.ids == ["n0", "n1"]
    assert found.similarities[0] > found.similarities[1]
    assert found.nodes[0].get_content() == TEXTS[0]
    assert found.nodes[0].metadata["tags"] == {"kind": "way"}
    assert found.nodes[0].ref_doc_id == "d0"


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (one("year", 2021), ["n1"]),
        (one("year", 2020, FilterOperator.GT), ["n1", "n2"]),
        (one("year", 2021, FilterOperator.LTE), ["n0", "n1"]),
        (one("year", 2021, FilterOperator.NE), ["n0", "n2"]),
        (one("year", [2020, 2022], FilterOperator.IN), ["n0", "n2"]),
        (one("year", [2020], FilterOperator.NIN), ["n1", "n2"]),
        (one("nope", None, FilterOperator.IS_EMPTY), ["n0", "n1", "n2"]),
        (
            MetadataFilters(
                filters=[MetadataFilter(key="year", value=2020), one("year", 2022)], condition=FilterCondition.OR
            ),
            ["n0", "n2"],
        ),
        (
            MetadataFilters(filters=[MetadataFilter(key="year", value=2020)], condition=FilterCondition.NOT),
            ["n1", "n2"],
        ),
    ],
)
async def test_filters_come_before_the_limit(store, filters, ids):
    query = VectorStoreQuery(query_embedding=[1.0, 0.9, 0.8], similarity_top_k=3, filters=filters)
    assert sorted(store.query(query).ids) == ids
    assert sorted((await store.aquery(query)).ids) == ids
    assert sorted(node.node_id for node in store.get_nodes(filters=filters)) == ids


async def test_deletes_by_document_by_id_and_all(store):
    store.delete("d1")
    assert sorted(node.node_id for node in store.get_nodes()) == ["n0", "n1"]
    await store.adelete_nodes(["n0", "nope"])
    assert [node.node_id for node in await store.aget_nodes()] == ["n1"]
    await store.async_add(nodes())
    store.delete_nodes(filters=one("year", 2020))
    assert len(store.get_nodes()) == 2
    await store.adelete("d0")
    assert len(store.get_nodes()) == 1
    store.clear()
    assert store.get_nodes() == []
    await store.aclear()


def test_adding_again_replaces(store):
    changed = nodes()[0]
    changed.set_content("changed")
    store.add([changed])
    assert len(store.get_nodes()) == 3
    assert store.get_nodes(["n0"])[0].get_content() == "changed"


def test_restricts_to_documents_and_nodes(store):
    query = VectorStoreQuery(query_embedding=[1.0, 0.9, 0.8], similarity_top_k=3, doc_ids=["d1"])
    assert store.query(query).ids == ["n2"]
    query = VectorStoreQuery(query_embedding=[1.0, 0.9, 0.8], similarity_top_k=3, node_ids=["n1", "n2"])
    assert store.query(query).ids == ["n1", "n2"]
    query = VectorStoreQuery(query_embedding=[1.0, 0.9, 0.8], similarity_top_k=2, mode=VectorStoreQueryMode.MMR)
    assert len(store.query(query).ids) == 2


async def test_the_server_embeds_where_it_has_a_model(db):
    store = AkiDBVectorStore("nodes", db=db, model=MODEL)
    assert not store.is_embedding_query
    store.add(nodes(vectors=False))
    found = store.query(VectorStoreQuery(query_str="where is the ford", similarity_top_k=1))
    assert found.nodes[0].get_content() == "Ford at the old bridge"
    hybrid = VectorStoreQuery(query_str="soup at the bridge", similarity_top_k=2, mode=VectorStoreQueryMode.HYBRID)
    assert sorted((await store.aquery(hybrid)).ids) == ["n1", "n2"]
    with pytest.raises(ValueError, match="sparse is not there"):
        store.query(VectorStoreQuery(query_str="x", mode=VectorStoreQueryMode.SPARSE))
    with pytest.raises(ValueError, match="needs a vector"):
        AkiDBVectorStore("other", db=db).query(VectorStoreQuery(query_str="x"))


def test_an_index_of_llama_index_works_on_it(db):
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.embeddings import MockEmbedding

    store = AkiDBVectorStore("nodes", db=db)
    context = StorageContext.from_defaults(vector_store=store)
    index = VectorStoreIndex(nodes(vectors=False), storage_context=context, embed_model=MockEmbedding(embed_dim=3))
    assert len(index.as_retriever(similarity_top_k=2).retrieve("ford")) == 2
