"""LangChain's own kit, and what it does not ask."""

import pytest

pytest.importorskip("langchain_tests")

from langchain_core.documents import Document
from langchain_tests.integration_tests import VectorStoreIntegrationTests

from akidb_client import col
from akidb_client.langchain import AkiDBVectorStore


class TestWithAnEmbedder(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self, db):
        return AkiDBVectorStore("kit", self.get_embeddings(), db=db)


class TestWithTheServersModel(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self, db):
        return AkiDBVectorStore("kit", db=db)


NOTES = ["Ford below the mill", "The hut serves soup", "Ford at the old bridge", "Snow on the pass until June"]
YEARS = [{"year": 2023, "area": {"name": "north"}}, {"year": 2024}, {"year": 2012}, {"year": 2025}]


@pytest.fixture
def store(db):
    return AkiDBVectorStore.from_texts(
        NOTES, metadatas=YEARS, ids=["a", "b", "c", "d"], table="notes", db=db, hybrid=True
    )


def test_text_goes_in_and_is_found_by_meaning_and_words(store):
    found = store.similarity_search("soup at the bridge", k=2)
    assert {document.id for document in found} == {"b", "c"}
    assert found[0].metadata["year"] in (2024, 2012)


@pytest.mark.parametrize(
    ("filter", "years"),
    [
        ({"year": 2024}, [2024]),
        ({"year": {"$gte": 2023, "$lt": 2025}}, [2023, 2024]),
        ({"$or": [{"year": 2012}, {"year": {"$in": [2025]}}]}, [2012, 2025]),
        ({"$not": {"year": {"$nin": [2012]}}}, [2012]),
        ({"area": {"$exists": True}}, [2023]),
        ({"year": {"$between": [2012, 2023]}}, [2012, 2023]),
        (col("metadata.area.name") == "north", [2023]),
    ],
)
async def test_filters(store, filter, years):
    assert sorted(document.metadata["year"] for document in store.similarity_search("x", k=10, filter=filter)) == years
    found = await store.asimilarity_search("x", k=10, filter=filter)
    assert sorted(document.metadata["year"] for document in found) == years


def test_an_unknown_operator_is_refused(store):
    for filter in ({"year": {"$near": 1}}, {"$xor": []}, 7):
        with pytest.raises(ValueError):
            store.similarity_search("x", filter=filter)


async def test_chooses_documents_unlike_one_another(db):
    store = AkiDBVectorStore.from_texts(NOTES, table="notes", db=db)
    assert [d.page_content for d in store.max_marginal_relevance_search("where is the ford", k=2, lambda_mult=0.3)] == [
        "Ford at the old bridge",
        "The hut serves soup",
    ]
    assert len(await store.amax_marginal_relevance_search("where is the ford", k=3)) == 3
    retriever = store.as_retriever(
        search_type="similarity_score_threshold", search_kwargs={"score_threshold": 0.7, "k": 4}
    )
    assert {d.page_content for d in retriever.invoke("where is the ford")} == {
        "Ford below the mill",
        "Ford at the old bridge",
    }
    assert len(await store.as_retriever(search_kwargs={"k": 1}).ainvoke("snow")) == 1


def test_deletes_by_filter(store):
    store.delete(filter={"year": {"$lt": 2024}})
    assert sorted(document.id for document in store.similarity_search("x", k=10)) == ["b", "d"]
    assert store.get_by_ids(["d", "nope"]) == [Document(id="d", page_content=NOTES[3], metadata=YEARS[3])]
