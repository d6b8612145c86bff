import json
import struct

import httpx
import pytest
from conftest import notes_of

from akidb_client import (
    AkiDB,
    ConfigurationError,
    InvalidRequestError,
    InvalidValueError,
    NotFoundError,
    TimeoutError,
    col,
)
from akidb_client._vectors import base64_of


def test_finds_by_meaning_with_conditions_before_the_limit(notes):
    found = notes.search("where is the ford", "vec", limit=1, where=col("year") >= 2020)
    assert found["note"] == ["Ford below the mill"]
    assert found[0].score == pytest.approx(0.6497, abs=0.01)
    assert len(found.query_vector) == 384
    assert notes.search("where is the ford", where='"year" < ?', params=[2020])["year"] == [2012]
    assert [hit["year"] for hit in notes.search("ford", threshold=0.4)] == [2012, 2023]


def test_searches_like_a_row_by_a_vector_and_with_all_options(notes):
    like = notes.search(like=1, limit=1, select=["note"])
    assert like[0].data == {"note": "Ford at the old bridge"}
    vector = notes.query().with_vectors().where(row_id=3).first()["vec"]
    assert notes.search(vector, limit=1)[0].score == pytest.approx(1)
    assert notes.search(tuple(vector), limit=1, metric="euclidean")[0].score == pytest.approx(1)
    notes.create_text_index("note").wait()
    hybrid = notes.search("soup at the bridge", limit=2, hybrid="note")
    assert set(hybrid["note"]) == {"The hut serves soup", "Ford at the old bridge"}
    assert hybrid[0].ranks is not None
    assert notes.search("where is the ford", limit=2, mmr=0.3)["note"] == [
        "Ford at the old bridge",
        "The hut serves soup",
    ]
    assert notes.search("ford", limit=1, offset=1, exact=True, include_vectors=True)[0]["vec"]
    with pytest.raises(TypeError, match="query or the key"):
        notes.search()
    with pytest.raises(TypeError, match="text or a vector"):
        notes.search({"a": 1})
    with pytest.raises(InvalidRequestError):
        notes.search("ford", limit=100_000)


def test_says_which_column_to_name_when_there_are_several(db, notes):
    notes.add_embedding("other", "note").wait()
    with pytest.raises(ConfigurationError, match="it has vec, other"):
        notes.search("ford")
    with pytest.raises(ConfigurationError, match="it has none"):
        db.create_table("plain", {"a": "string"}).search("x")


def test_a_query_ranks_by_similarity(notes):
    rows = notes.select("note").where(col("year") > 2020).similar("when is there snow?", "vec").limit(2).collect()
    assert rows[0]["note"] == "Snow on the pass until June"
    assert rows[0]["similarity_score"] > rows[1]["similarity_score"]
    assert notes.select("note").similar("snow", "vec").to_pandas()["note"][0] == "Snow on the pass until June"


@pytest.fixture
def spied(url, notes):
    """The table through a client that shows what it sends, and what came."""
    sent = []

    class Spy(httpx.HTTPTransport):
        def handle_request(self, request):
            response = super().handle_request(request)
            response.read()
            sent.append((json.loads(request.content or b"null"), json.loads(response.content.splitlines()[0])))
            return response

    with AkiDB(url, http=httpx.Client(transport=Spy())) as client:
        yield client.table("notes"), sent


def test_the_same_search_again_asks_no_model(spied):
    notes, sent = spied
    first = notes.search("where is the ford", "vec")
    again = notes.search("where is the ford", "vec")
    assert notes._vectors.hits == 1
    (_, answer), (asked_again, answer_again) = sent
    assert isinstance(answer["query_embedding"], str)
    assert "query" not in asked_again
    assert asked_again["query_vector"] == answer["query_embedding"]
    assert asked_again["model_fingerprint"] == answer["model_fingerprint"]
    assert "query_embedding" not in answer_again
    assert again.query_vector == first.query_vector
    assert [(hit.data, hit.score) for hit in again] == [(hit.data, hit.score) for hit in first]
    notes.search("where is the ford", "vec", input_type="document")
    assert "query_vector" not in sent[-1][0]
    notes.drop_column("vec")
    with pytest.raises(InvalidRequestError):
        notes.search("where is the ford", "vec")


def test_the_same_hybrid_search_again_sends_its_words_too(spied):
    notes, sent = spied
    notes.create_text_index("note").wait()
    first = notes.search("soup at the bridge", "vec", hybrid="note")
    again = notes.search("soup at the bridge", "vec", hybrid="note")
    assert (sent[-1][0]["query"], sent[-1][0]["query_vector"]) == ("soup at the bridge", sent[-2][1]["query_embedding"])
    assert [(hit.data, hit.ranks) for hit in again] == [(hit.data, hit.ranks) for hit in first]


def test_a_vector_of_another_model_is_forgotten_and_the_text_embedded_again(spied):
    notes, sent = spied
    first = notes.search("ford", "vec")
    key = ("notes", "vec", "query", "ford")
    notes._vectors.keep(key, (base64_of([0.1] * 384), "of another model"))
    again = notes.search("ford", "vec")
    assert sent[-2][1]["code"] == "MODEL_CHANGED"
    assert sent[-1][0]["query"] == "ford"
    assert [(hit.data, hit.score) for hit in again] == [(hit.data, hit.score) for hit in first]
    assert notes._vectors.find(key)[0] == sent[-1][1]["query_embedding"]


def test_a_vector_of_another_model_is_not_used_when_the_column_changed(url, db):
    table = notes_of(db)
    table.search("ford", "vec")
    with AkiDB(url) as other:
        other.table("notes").drop_column("vec")
        other.table("notes").add_column("vec", "embedding", dimensions=384)
        other.table("notes").update({"vec": [0.1] * 384}, [])
    with pytest.raises(InvalidRequestError):
        table.search("ford", "vec")


def test_vectors_come_and_go_as_base64_and_are_the_same_numbers(spied, db):
    notes, sent = spied
    plain = db.request("GET", "/api/v1/tables/notes/rows/1?include_vectors=true")["vec"]
    exact = [struct.unpack("<f", struct.pack("<f", number))[0] for number in plain]
    assert notes.get(1, include_vectors=True)["vec"] == exact
    assert isinstance(next(answer["vec"] for _, answer in sent if "vec" in answer), str)
    for rows in (
        notes.query().with_vectors().collect(),
        list(notes.query().with_vectors().rows()),
        next(iter(notes.query().with_vectors().pages(1))),
        notes.query().with_vectors().similar(exact, "vec").limit(1).collect(),
        notes.search(exact, "vec", limit=1, include_vectors=True),
        notes.search(exact, "vec", limit=1, select=["note", "vec"]),
    ):
        assert rows[0]["vec"] == exact
    assert isinstance(sent[-1][0]["query_vector"], str)
    with pytest.raises(InvalidValueError, match=r"query\[1\] must be a finite number"):
        notes.search([0.0, float("nan")] + [0.0] * 382, "vec")
    with pytest.raises(InvalidValueError, match="finite"):
        notes.search([1e39] * 384, "vec")
    texts = db.create_collection("texts")
    texts.insert([{"id": "a", "text": "x", "vector": exact}, {"id": "b", "text": "y"}])
    assert texts.get("a", include_vector=True)["vector"] == pytest.approx(exact, abs=1e-6)
    for documents in (
        list(texts.documents(include_vectors=True)),
        list(texts.find(ids=["a"], include_vectors=True)),
        texts.search(exact, limit=1, include_vectors=True),
    ):
        assert documents[0]["vector"] == pytest.approx(exact, abs=1e-6)
    texts.update("b", vector=exact)
    assert texts.get("b", include_vector=True)["vector"] == texts.get("a", include_vector=True)["vector"]


def test_explains_a_search_in_words_and_as_a_drawing(notes):
    explanation = notes.explain("where is the ford", where=col("year") >= 2020)
    assert explanation["plan"] == "exact"
    assert "3 pass the filter" in repr(explanation)
    assert "total" in repr(explanation)
    assert explanation._repr_html_().startswith("<svg")


def test_computed_columns_are_watched_paused_and_refreshed(notes):
    column = notes.computed("vec")
    state = column.status()
    assert (state.status, state.cells.ready, state.source) == ("ready", 4, "note")
    assert column.refresh(col("year") > 2023) == {"refreshed": 2, "failed": 0, "skipped": 0, "pending": 0}
    assert column.retry() == {"retried": 0, "refreshed": 0, "failed": 0, "skipped": 0, "pending": 0}
    column.pause()
    notes.insert({"note": "New", "year": 2026}, embed="async")
    assert column.status().status == "paused"
    with pytest.raises(Exception, match="paused"):
        column.wait()
    assert column.resume().status in ("ready", "filling")
    assert column.change(auto_update=False).auto_update is False
    assert [info.name for info in notes.computed_columns()] == ["vec"]
    told = []
    column.wait(progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (5, 5)
    column.drop()
    with pytest.raises(NotFoundError):
        column.status()


def test_embeds_texts_in_order_and_in_requests_that_the_server_takes(db):
    texts = [f"text number {i}" for i in range(40)]
    embedded = db.embed(texts)
    assert len(embedded.vectors) == 40
    assert embedded.dimension == 384
    assert db.embed(texts[37]).vectors[0] == pytest.approx(embedded.vectors[37], abs=1e-5)
    assert embedded.tokens > 40
    with pytest.raises(InvalidRequestError) as raised:
        db.embed("good", model="nobody")
    assert raised.value.code == "UNKNOWN_MODEL"
    assert db.models()[0].dimensions == 384
    assert db.preload_model("all-minilm-l6-v2").cached
    db.clear_embedding_cache()
    assert db.health().status == "ok"
    assert "akidb_" in db.metrics()


def test_embeds_past_the_cache_and_without_a_length(db):
    texts = [f"text number {i}" for i in range(101)]
    vectors = db.generate(texts, cache=False)
    assert len(vectors) == 101
    assert db.generate("text number 100")[0] == pytest.approx(vectors[100], abs=1e-5)
    assert sum(number * number for number in db.generate("x", normalize=True)[0]) == pytest.approx(1)
    with pytest.raises(InvalidRequestError, match="text"):
        db.generate([])


def test_sql_takes_and_gives_vectors(notes, db):
    vector = notes.query().with_vectors().where(row_id=3).first()["vec"]
    found = db.sql(
        "select note, vec, similarity(vec, ?) as score from notes order by similarity(vec, ?) desc limit ?",
        [vector, vector, 1],
    )
    assert found["vec"] == [vector]
    assert found["score"][0] == pytest.approx(1)
    notes.insert({"note": None, "year": 1})
    assert [row["vec"] is None for row in db.sql("select vec from notes order by year limit 2")] == [True, False]
    with pytest.raises(InvalidValueError) as raised:
        db.sql("select similarity(vec, ?) as s from notes", [[1.0, float("nan")]])
    assert raised.value.field == "params[0][1]"


def test_vectors_become_points_of_a_plane(notes):
    drawn = notes.projection(by="year", limit=3)
    assert (drawn.column, drawn.rows, len(drawn.points)) == ("vec", 4, 3)
    assert set(drawn.points[0]) == {"key", "x", "y", "by"}
    assert len(drawn.plane["mean"]) == 384


def test_collections(db):
    notes = db.create_collection("notes")
    ids = notes.insert([{"id": "a", "text": "The ford is knee deep", "metadata": {"area": "north"}}, {"text": "Soup"}])
    assert ids[0] == "a"
    assert len(ids) == 2
    found = notes.search("river", where=col("area") == "north", explain=True)
    assert found["id"] == ["a"]
    assert found[0].score > 0
    assert found.explanation
    assert notes.get("a", include_vector=True)["vector"]
    assert {document["text"] for document in notes.documents(page=1)} == {"The ford is knee deep", "Soup"}
    assert notes.describe().document_count == 2
    notes.delete("a")
    with pytest.raises(NotFoundError):
        notes.get("a")
    assert db.create_collection("notes", if_exists="ignore").name == "notes"
    assert [info.name for info in db.collections()] == ["notes"]
    assert db.table("notes").count() == 1
    notes.drop()
    db.drop_collection("notes", missing_ok=True)


@pytest.fixture
def newer(db):
    """What only servers do that tell their version."""
    try:
        db.version()
    except NotFoundError:
        pytest.skip("the server does not know this yet")


def test_collections_are_changed_deleted_and_counted_by_condition(db, newer):
    notes = db.create_collection("notes")
    notes.insert(
        [
            {"id": "a", "text": "The ford is knee deep", "metadata": {"area": "north", "n": 1}},
            {"id": "b", "text": "The hut serves soup", "metadata": {"area": "north", "n": 2}},
            {"id": "c", "text": "Ford at the old bridge", "metadata": {"area": "south", "n": 3}},
        ]
    )
    assert notes.count() == 3
    assert notes.count(col("area") == "north") == 2
    assert [document["id"] for document in notes.find("n > ?", 1, page=1)] == ["b", "c"]
    assert [document["id"] for document in notes.find(ids=["c", "nope"])] == ["c"]
    notes.update("b", text="The ford has a ferry", metadata={"area": "east"})
    assert notes.get("b")["metadata"] == {"area": "east"}
    assert notes.update_where({"area": "west"}, ids=["a"]) == 1
    assert notes.text_index() is None
    notes.create_text_index()
    assert notes.text_index() == "ready"
    assert db.create_collection("words", text_index=True).text_index() in ("building", "ready")
    assert notes.search("ferry", hybrid=True, limit=1)[0].ranks["text"] == 1
    assert notes.search(like="a", limit=1)["id"] == ["c"]
    assert len(notes.search("ford", mmr=0.5, limit=2, exact=True)) == 2
    assert {hit.group for hit in notes.search("ford", group="area")} == {"west", "east", "south"}
    notes.drop_text_index()
    with pytest.raises(TypeError, match="say which"):
        notes.delete_where()
    assert notes.delete_where(col("area") == "south") == 1
    assert notes.delete_where([]) == 2


def test_the_best_rows_of_each_value(notes, newer):
    notes.insert([{"note": "Ford by the church", "year": 2012}])
    found = notes.search("ford", group="year", limit=2)
    assert [hit.group for hit in found] == [2012, 2023]
    assert len(notes.search("ford", group={"by": "year", "size": 2}, limit=1, input_type="query")) == 2


async def test_the_client_that_awaits_searches(adb, notes):
    table = adb.table("notes")
    assert (await table.search("where is the ford", limit=1))["year"] == [2012]
    assert (await adb.embed("a")).dimension == 384
    with pytest.raises(TimeoutError):
        await table.search("another text", timeout=1e-9)
