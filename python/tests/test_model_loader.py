"""Where models are found."""

import sys
import types

import pytest
from akidb_mlx.errors import EmbeddingError, ModelNotCached, UnknownModel
from akidb_mlx.model_loader import find_entry, find_model

QWEN3 = "qwen3-0.6b-4bit"


@pytest.fixture(autouse=True)
def empty_caches(tmp_path, monkeypatch):
    for name in ("HF_HOME", "AKIDB_CACHE_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)


def put_model(folder):
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"")
    return folder


def test_a_folder_is_its_own_model(tmp_path):
    folder = put_model(tmp_path / "mine")
    assert find_model(str(folder)) == folder


def test_the_hugging_face_cache_is_used(tmp_path):
    repository = tmp_path / "HF_HOME/hub/models--mlx-community--Qwen3-Embedding-0.6B-4bit-DWQ"
    put_model(repository / "snapshots/old")
    folder = put_model(repository / "snapshots/new")
    (repository / "refs").mkdir()
    (repository / "refs/main").write_text("new")
    assert find_model(QWEN3, auto_download=False) == folder


def test_our_own_cache_is_used(tmp_path):
    folder = put_model(tmp_path / "AKIDB_CACHE_DIR/hub/mlx-community--Qwen3-Embedding-0.6B-4bit-DWQ/main")
    assert find_model(QWEN3, auto_download=False) == folder


def test_an_absent_model_is_told_when_downloading_is_off():
    with pytest.raises(ModelNotCached, match="^Model 'qwen3-0.6b-4bit' not cached$"):
        find_model(QWEN3, auto_download=False)


def test_a_half_downloaded_model_does_not_count(tmp_path):
    folder = put_model(tmp_path / "AKIDB_CACHE_DIR/hub/mlx-community--Qwen3-Embedding-0.6B-4bit-DWQ/main")
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelNotCached):
        find_model(QWEN3, auto_download=False)


def test_an_unknown_model_is_told_with_those_there_are():
    with pytest.raises(UnknownModel, match="gemma-300m-4bit"):
        find_model("no-such-model")


def test_a_download_without_its_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(EmbeddingError, match="pip install huggingface_hub"):
        find_model(QWEN3)


def test_a_failed_download_keeps_its_cause(monkeypatch):
    def fails(*_, **__):
        raise OSError("401 Unauthorized")

    monkeypatch.setitem(sys.modules, "huggingface_hub", types.SimpleNamespace(snapshot_download=fails))
    with pytest.raises(EmbeddingError, match="could not be downloaded .* 401 Unauthorized"):
        find_model(QWEN3)


def test_the_same_weights_have_two_names_with_their_own_pooling():
    mean, last = find_entry(QWEN3), find_entry("qwen3-embedding-0.6b")
    assert mean.repository == last.repository
    assert (mean.pooling, last.pooling) == ("mean", "last")
