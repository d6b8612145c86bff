"""Haystack's own kit, waiting and awaiting, and the retrievers."""

import pytest

pytest.importorskip("haystack")

from haystack import Document, Pipeline
from haystack.testing import document_store as kit
from haystack.testing import document_store_async as async_kit

from akidb_client.haystack import AkiDBDocumentStore, AkiDBEmbeddingRetriever, AkiDBTextRetriever

MODEL = "sentence-transformers/all-MiniLM-L6-v2"


def assert_nearly_equal(received, expected):
    """Vectors are kept as float32, and documents have no order."""
    received, expected = (sorted(side, key=lambda document: document.id) for side in (received, expected))
    assert [document.id for document in received] == [document.id for document in expected]
    for one, other in zip(received, expected):
        assert (one.content, one.meta, one.blob) == (other.content, other.meta, other.blob)
        assert (one.embedding is None) == (other.embedding is None)
        if other.embedding is not None:
            assert one.embedding == pytest.approx(other.embedding, rel=1e-6)


class TestDocumentStore(
    kit.DocumentStoreBaseExtendedTests,
    kit.CountDocumentsByFilterTest,
    kit.CountUniqueMetadataByFilterTest,
    kit.GetMetadataFieldsInfoTest,
    kit.GetMetadataFieldMinMaxTest,
    kit.GetMetadataFieldUniqueValuesTest,
):
    @pytest.fixture
    def document_store(self, url, db):
        return AkiDBDocumentStore("kit", url=url)

    @staticmethod
    def assert_documents_are_equal(received, expected):
        assert_nearly_equal(received, expected)

    def test_write_documents(self, document_store):
        from haystack.document_stores.errors import DuplicateDocumentError

        documents = [Document(content="test doc 1"), Document(content="test doc 2")]
        assert document_store.write_documents(documents) == 2
        with pytest.raises(DuplicateDocumentError):
            document_store.write_documents(documents)


class TestDocumentStoreAsync(
    async_kit.CountDocumentsAsyncTest,
    async_kit.WriteDocumentsAsyncTest,
    async_kit.DeleteDocumentsAsyncTest,
    async_kit.DeleteAllAsyncTest,
    async_kit.DeleteByFilterAsyncTest,
    async_kit.UpdateByFilterAsyncTest,
    async_kit.CountDocumentsByFilterAsyncTest,
    async_kit.CountUniqueMetadataByFilterAsyncTest,
    async_kit.GetMetadataFieldsInfoAsyncTest,
    async_kit.GetMetadataFieldMinMaxAsyncTest,
    async_kit.GetMetadataFieldUniqueValuesAsyncTest,
    async_kit.FilterDocumentsAsyncTest,
):
    @pytest.fixture
    def document_store(self, url, db):
        return AkiDBDocumentStore("kit", url=url)

    @staticmethod
    def assert_documents_are_equal(received, expected):
        assert_nearly_equal(received, expected)

    async def test_write_documents_async(self, document_store):
        assert await document_store.write_documents_async([Document(content="test doc 1")]) == 1


async def test_retrievers_find_by_text_by_vector_and_by_words(url, db):
    store = AkiDBDocumentStore("docs", url=url, model=MODEL)
    store.write_documents(
        [
            Document(id="1", content="Ford below the mill", meta={"year": 2023}),
            Document(id="2", content="The hut serves soup", meta={"year": 2024}),
            Document(id="3", content="Ford at the old bridge", meta={"year": 2012}),
        ]
    )
    retriever = AkiDBTextRetriever(store, top_k=1)
    assert retriever.run("where is the ford")["documents"][0].id == "3"
    recent = {"field": "meta.year", "operator": ">", "value": 2020}
    assert (await retriever.run_async("where is the ford", filters=recent))["documents"][0].id == "1"
    assert AkiDBTextRetriever(store, hybrid=True).run("soup at the bridge", top_k=2)["documents"][0].score
    vector = store.filter_documents({"field": "id", "operator": "==", "value": "2"})[0].embedding
    by_vector = AkiDBEmbeddingRetriever(store, top_k=1)
    assert by_vector.run(vector)["documents"][0].score == pytest.approx(1)
    assert (await by_vector.run_async(vector))["documents"][0].id == "2"
    pipeline = Pipeline()
    pipeline.add_component("find", AkiDBTextRetriever(store))
    again = Pipeline.loads(pipeline.dumps(), allowed_modules=["akidb_client.haystack"])
    assert again.run({"find": {"query": "soup"}})["find"]["documents"][0].id == "2"
    with pytest.raises(ValueError, match="needs a store with a model"):
        AkiDBTextRetriever(AkiDBDocumentStore("other", url=url))


def test_bytes_come_back(url, db):
    from haystack.dataclasses import ByteStream

    store = AkiDBDocumentStore("docs", url=url)
    document = Document(id="b", blob=ByteStream(b"\x00\xff", mime_type="x/y"))
    store.write_documents([document])
    assert store.filter_documents()[0].blob == document.blob
