"""Programs that others wrote on Pixeltable, unchanged, over `install()`."""

import pytest

import akidb_client.pixeltable as pxt

pytest.importorskip("langchain_tests")
pxt.uninstall()
pxt.install()

from haystack import Document  # noqa: E402
from haystack.document_stores.errors import DuplicateDocumentError  # noqa: E402
from haystack.document_stores.types import DuplicatePolicy  # noqa: E402
from haystack_pixeltable import PixeltableDocumentStore, PixeltableRetriever  # noqa: E402
from langchain_core.documents import Document as Page  # noqa: E402
from langchain_core.embeddings import DeterministicFakeEmbedding  # noqa: E402
from langchain_pixeltable import PixeltableVectorStore  # noqa: E402
from langchain_tests.integration_tests import VectorStoreIntegrationTests  # noqa: E402
from langgraph.store.pixeltable import PixeltableStore  # noqa: E402
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode  # noqa: E402
from llama_index.core.vector_stores.types import MetadataFilter, MetadataFilters, VectorStoreQuery  # noqa: E402
from llama_index.vector_stores.pixeltable import PixeltableVectorStore as LlamaStore  # noqa: E402


@pytest.fixture(autouse=True)
def connected(db):
    pxt.install()  # other tests take it back, and some of these programs import at their first call
    pxt.connect(db)


class TestLangChainPixeltable(VectorStoreIntegrationTests):
    """LangChain's own kit. The package has no get_by_ids; and it inserts rows of ids that are there once more, as it
    does over Pixeltable, where nothing forbids that."""

    @property
    def has_get_by_ids(self) -> bool:
        return False

    @pytest.fixture
    def vectorstore(self):
        return PixeltableVectorStore("langchain.docs", self.get_embeddings())

    @pytest.mark.xfail(reason="the package appends, over Pixeltable too", strict=True)
    def test_add_documents_by_id_with_mutation(self, vectorstore):
        super().test_add_documents_by_id_with_mutation(vectorstore)

    @pytest.mark.xfail(reason="the package appends, over Pixeltable too", strict=True)
    async def test_add_documents_by_id_with_mutation_async(self, vectorstore):
        await super().test_add_documents_by_id_with_mutation_async(vectorstore)

    @pytest.mark.xfail(reason="the package appends, over Pixeltable too", strict=True)
    def test_add_documents_with_ids_is_idempotent(self, vectorstore):
        super().test_add_documents_with_ids_is_idempotent(vectorstore)

    @pytest.mark.xfail(reason="the package appends, over Pixeltable too", strict=True)
    async def test_add_documents_with_ids_is_idempotent_async(self, vectorstore):
        await super().test_add_documents_with_ids_is_idempotent_async(vectorstore)


def test_langchain_pixeltable_searches_filters_and_deletes():
    store = PixeltableVectorStore.from_texts(
        ["ford", "soup", "snow"],
        DeterministicFakeEmbedding(size=16),
        [{"kind": "way"}, {"kind": "food"}, {"kind": "way"}],
        ids=["a", "b", "c"],
        table_name="dir.docs",
    )
    assert store.similarity_search("soup", k=1) == [Page("soup", metadata={"kind": "food"}, id="b")]
    (page, score), *_ = store.similarity_search_with_score("ford", k=3, filter={"kind": "way"})
    assert (page.id, round(score, 4)) == ("a", 1.0)
    assert {page.id for page in store.similarity_search("x", k=5, filter={"kind": "way"})} == {"a", "c"}
    assert store.delete(["a"])
    assert store.table.count() == 2
    again = PixeltableVectorStore.from_existing_table("dir.docs", DeterministicFakeEmbedding(size=16))
    assert again.similarity_search_by_vector(again.embeddings.embed_query("snow"), k=1)[0].id == "c"


def test_haystack_pixeltable_writes_filters_and_retrieves():
    store = PixeltableDocumentStore("haystack.docs", embedding_dimension=3)
    documents = [
        Document(id="1", content="ford", meta={"year": 2023, "kind": "way"}, embedding=[1.0, 0.0, 0.0]),
        Document(id="2", content="soup", meta={"year": 2024, "kind": "food"}, embedding=[0.0, 1.0, 0.0]),
        Document(id="3", content="snow", meta={"year": 2025, "kind": "way"}, embedding=[0.0, 0.0, 1.0]),
    ]
    assert store.write_documents(documents) == 3
    assert store.count_documents() == 3
    assert store.write_documents(documents[:1], DuplicatePolicy.SKIP) == 0
    assert store.write_documents(documents[:1], DuplicatePolicy.OVERWRITE) == 1
    with pytest.raises(DuplicateDocumentError):
        store.write_documents(documents[:1], DuplicatePolicy.FAIL)

    def ids(filters):
        return sorted(document.id for document in store.filter_documents(filters))

    def field(name, operator, value):
        return {"field": f"meta.{name}", "operator": operator, "value": value}

    assert ids(None) == ["1", "2", "3"]
    assert ids(field("year", ">=", 2024)) == ["2", "3"]
    assert ids(field("kind", "in", ["food"])) == ["2"]
    assert ids(field("kind", "not in", ["food"])) == ["1", "3"]
    assert ids({"operator": "OR", "conditions": [field("kind", "==", "food"), field("year", "==", 2025)]}) == ["2", "3"]
    assert ids({"operator": "NOT", "conditions": [field("kind", "==", "food")]}) == ["1", "3"]
    retriever = PixeltableRetriever(store, top_k=2)
    found = retriever.run([0.9, 0.1, 0.0])["documents"]
    assert [document.id for document in found] == ["1", "2"]
    assert found[0].embedding == [1.0, 0.0, 0.0]
    assert retriever.run([0.9, 0.1, 0.0], filters=field("kind", "==", "food"))["documents"][0].id == "2"
    assert PixeltableDocumentStore.from_dict(store.to_dict()).count_documents() == 3
    store.delete_documents(["1", "nope"])
    assert store.count_documents() == 2


def test_llama_index_pixeltable_adds_queries_and_deletes():
    store = LlamaStore("llama.docs", embed_dim=3)
    nodes = []
    for number, (text, vector) in enumerate([("ford", [1.0, 0, 0]), ("soup", [0, 1.0, 0]), ("snow", [0, 0, 1.0])]):
        node = TextNode(id_=f"n{number}", text=text, metadata={"year": 2020 + number}, embedding=vector)
        node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=f"d{number % 2}")
        nodes.append(node)
    assert store.add(nodes) == ["n0", "n1", "n2"]
    found = store.query(VectorStoreQuery(query_embedding=[0.9, 0.1, 0], similarity_top_k=2))
    assert found.ids == ["n0", "n1"]
    filters = MetadataFilters(filters=[MetadataFilter(key="year", value=2021, operator=">=")])
    assert set(store.query(VectorStoreQuery(query_embedding=[1.0, 0, 0], similarity_top_k=3, filters=filters)).ids) == {
        "n1",
        "n2",
    }
    store.delete("d0")
    assert store.table.count() == 1
    store.clear()
    assert store.table.count() == 0


def test_langgraph_pixeltable_puts_searches_and_deletes():
    def embed(texts):
        return [[float("rivers" in text), float("soup" in text), 0.1] for text in texts]

    store = PixeltableStore(table_name="memory.items", index={"dims": 3, "embed": embed, "fields": ["bio"]})
    store.setup()
    store.put(("users",), "u1", {"name": "Ann", "bio": "likes rivers"})
    store.put(("users", "old"), "u2", {"name": "Bob", "bio": "likes soup"})
    assert store.get(("users",), "u1").value["name"] == "Ann"
    store.put(("users",), "u1", {"name": "Anna", "bio": "likes rivers"})
    assert store.get(("users",), "u1").value["name"] == "Anna"
    assert [item.key for item in store.search(("users",), query="soup", limit=1)] == ["u2"]
    assert [item.key for item in store.search(("users",), filter={"name": "Anna"})] == ["u1"]
    assert set(store.list_namespaces()) == {("users",), ("users", "old")}
    store.delete(("users",), "u1")
    assert store.get(("users",), "u1") is None
