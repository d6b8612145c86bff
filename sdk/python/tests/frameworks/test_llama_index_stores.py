"""What the tests of the stores of Chroma and Qdrant ask of a LlamaIndex store, each waiting and awaited, in words and with
nodes of our own: nodes come back whole, filters mean what LlamaIndex says, deletions take what they name."""

import pytest

pytest.importorskip("llama_index.core")

from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
)

from akidb_client.llama_index import AkiDBVectorStore

NODES = [
    ("bridge", "it's old", [1.0, 0.0, 0.0], {"stars": 1, "place": "mill", "tags": ["stone", "old"]}),
    ("ford", "doc-2", [0.0, 1.0, 0.0], {"stars": 2, "place": "mill", "tags": ["wet"]}),
    ("ferry", "doc-2", [0.0, 0.0, 1.0], {"stars": "3", "tags": ["wet", "slow"]}),
    ("tunnel", "doc-3", [0.0, 0.5, 0.5], {"stars": 2.5, "place": "pass", "note": None}),
]


def node(text, document, vector, metadata):
    made = TextNode(id_=f"id-{text}", text=text, metadata=metadata, embedding=vector)
    made.excluded_embed_metadata_keys = ["stars"]
    made.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=document)
    made.relationships[NodeRelationship.NEXT] = RelatedNodeInfo(node_id="id-next")
    return made


class Awaited:
    """A store whose methods that wait are those that are awaited, so that each test asks both."""

    def __init__(self, store, awaited):
        self.store, self.awaited = store, awaited

    async def __call__(self, method, *arguments, **named):
        if self.awaited:
            return await getattr(self.store, "async_add" if method == "add" else f"a{method}")(*arguments, **named)
        return getattr(self.store, method)(*arguments, **named)


@pytest.fixture(params=[False, True], ids=["waiting", "awaited"])
async def ask(request, db):
    ask = Awaited(AkiDBVectorStore("nodes", db=db), request.param)
    assert await ask("add", [node(*each) for each in NODES]) == [f"id-{each[0]}" for each in NODES]
    return ask


def where(key, value, operator=FilterOperator.EQ):
    return MetadataFilter(key=key, value=value, operator=operator)


def every(*filters, condition=FilterCondition.AND):
    return MetadataFilters(filters=list(filters), condition=condition)


async def test_finds_what_was_added_by_its_vector(ask):
    found = await ask("query", VectorStoreQuery(query_embedding=[1.0, 0.1, 0.0], similarity_top_k=1))
    assert found.ids == ["id-bridge"]
    assert found.similarities[0] > 0.9


async def test_nodes_come_back_whole(ask):
    (bridge,) = await ask("get_nodes", ["id-bridge"])
    there = node(*NODES[0])
    assert bridge.embedding == there.embedding
    assert bridge.relationships == there.relationships
    assert bridge.excluded_embed_metadata_keys == ["stars"]
    assert bridge.metadata == there.metadata
    assert bridge.get_content() == "bridge"
    assert bridge.ref_doc_id == "it's old"


async def test_asks_with_filters_alone(ask):
    found = await ask("query", VectorStoreQuery(filters=every(where("place", "pass")), similarity_top_k=1))
    assert [each.get_content() for each in found.nodes] == ["tunnel"]
    assert found.ids == ["id-tunnel"]
    found = await ask("query", VectorStoreQuery(doc_ids=["doc-2"], similarity_top_k=5))
    assert sorted(found.ids) == ["id-ferry", "id-ford"]
    found = await ask("query", VectorStoreQuery(node_ids=["id-ford"], similarity_top_k=5))
    assert found.ids == ["id-ford"]


async def test_gets_those_of_the_wanted_nodes_that_are_there(ask):
    found = await ask("get_nodes", ["id-ford", "id-nothing", "id-ferry"])
    assert sorted(each.node_id for each in found) == ["id-ferry", "id-ford"]
    assert len(await ask("get_nodes")) == 4


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (every(where("stars", [1, 2], FilterOperator.IN)), {"bridge", "ford"}),
        (every(where("stars", [1, 2], FilterOperator.NIN)), {"ferry", "tunnel"}),
        (every(where("stars", ["3"], FilterOperator.IN)), {"ferry"}),
        (every(where("stars", 2, FilterOperator.GTE)), {"ford", "tunnel"}),
        (every(where("stars", 2.5, FilterOperator.LT)), {"bridge", "ford"}),
        (every(where("stars", "3")), {"ferry"}),
        (every(where("place", "mill", FilterOperator.NE)), {"tunnel"}),
        (every(where("place", None, FilterOperator.IS_EMPTY)), {"ferry"}),
        (every(where("note", None, FilterOperator.IS_EMPTY)), {"bridge", "ford", "ferry", "tunnel"}),
        (every(where("place", "il", FilterOperator.TEXT_MATCH)), {"bridge", "ford"}),
        (every(where("tags", "wet", FilterOperator.CONTAINS)), {"ford", "ferry"}),
        (every(where("tags", ["stone", "slow"], FilterOperator.ANY)), {"bridge", "ferry"}),
        (every(where("tags", ["wet", "slow"], FilterOperator.ALL)), {"ferry"}),
        (every(where("place", "mill"), where("stars", 1, FilterOperator.GT)), {"ford"}),
        (every(where("place", "pass"), where("stars", 1), condition=FilterCondition.OR), {"bridge", "tunnel"}),
        (every(where("place", "mill"), condition="not"), {"tunnel"}),
        (every(where("place", "mill"), every(where("stars", 2), condition="not")), {"bridge"}),
        (
            every(
                every(where("stars", 1), where("stars", 2), condition="or"),
                where("tags", "old", FilterOperator.CONTAINS),
            ),
            {"bridge"},
        ),
        (every(where("nothing", 1)), set()),
    ],
)
async def test_filters_mean_what_they_say_of_values_of_any_kind(ask, filters, wanted):
    assert {each.get_content() for each in await ask("get_nodes", filters=filters)} == wanted
    query = VectorStoreQuery(query_embedding=[0.3, 0.3, 0.3], similarity_top_k=4, filters=filters)
    assert {each.get_content() for each in (await ask("query", query)).nodes} == wanted


async def test_deletes_all_nodes_of_a_document_and_no_other(ask):
    await ask("delete", "doc-2")
    await ask("delete", "doc-nothing")
    assert sorted(each.node_id for each in await ask("get_nodes")) == ["id-bridge", "id-tunnel"]
    await ask("delete", "it's old")
    assert [each.node_id for each in await ask("get_nodes")] == ["id-tunnel"]


async def test_deletes_nodes_by_id_by_filter_and_by_both(ask):
    await ask("delete_nodes", ["id-bridge", "id-nothing"])
    await ask("delete_nodes", ["id-ford", "id-tunnel"], every(where("place", "mill")))
    assert sorted(each.node_id for each in await ask("get_nodes")) == ["id-ferry", "id-tunnel"]
    await ask("delete_nodes", filters=every(where("tags", "slow", FilterOperator.CONTAINS)))
    assert [each.node_id for each in await ask("get_nodes")] == ["id-tunnel"]
    await ask("delete_nodes")
    assert len(await ask("get_nodes")) == 1


async def test_a_cleared_store_is_empty_and_takes_nodes_again(ask):
    await ask("clear")
    assert await ask("get_nodes", ["id-bridge"]) == []
    found = await ask("query", VectorStoreQuery(query_embedding=[1.0, 0.0, 0.0], similarity_top_k=2))
    assert (found.ids, found.nodes) == ([], [])
    await ask("add", [node(*NODES[1])])
    assert len(await ask("get_nodes")) == 1


async def test_a_node_that_is_added_again_is_there_once_and_found_as_it_is_now(ask):
    await ask("add", [node("bridge", "doc-9", [0.0, 0.0, -1.0], {"stars": 5})])
    (bridge,) = await ask("get_nodes", ["id-bridge"])
    assert (bridge.metadata, bridge.ref_doc_id) == ({"stars": 5}, "doc-9")
    found = await ask("query", VectorStoreQuery(query_embedding=[0.0, 0.0, -1.0], similarity_top_k=1))
    assert found.ids == ["id-bridge"]


def test_a_query_of_nothing_is_refused(db):
    with pytest.raises(ValueError, match="needs a vector"):
        AkiDBVectorStore("nodes", db=db).query(VectorStoreQuery(similarity_top_k=2))


def test_other_programs_find_the_same_nodes_in_the_same_table(ask, db):
    again = AkiDBVectorStore("nodes", db=db)
    assert again.query(VectorStoreQuery(query_embedding=[0.0, 1.0, 0.0], similarity_top_k=1)).ids == ["id-ford"]
