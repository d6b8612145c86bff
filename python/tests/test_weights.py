"""Damaged and mismatching model files."""

import json

import pytest

mx = pytest.importorskip("mlx.core")

from akidb_mlx import weights  # noqa: E402
from akidb_mlx.embedding_service import EmbeddingService  # noqa: E402
from akidb_mlx.errors import DamagedModel, NotEnoughMemory, UnsupportedModel  # noqa: E402
from akidb_mlx.mlx_inference import MLXEmbeddingModel  # noqa: E402
from models.random_models import BERT, QWEN3, write_model  # noqa: E402


@pytest.fixture
def folder(tmp_path):
    return write_model(tmp_path / "model", BERT)


def rewrite(folder, change):
    arrays = dict(mx.load(str(folder / "model.safetensors")))
    mx.eval(arrays)
    change(arrays)
    mx.save_safetensors(str(folder / "model.safetensors"), arrays)


def test_a_missing_configuration(folder):
    (folder / "config.json").unlink()
    with pytest.raises(DamagedModel, match="^config.json is missing$"):
        MLXEmbeddingModel(folder)


def test_a_configuration_that_is_no_json(folder):
    (folder / "config.json").write_text("{")
    with pytest.raises(DamagedModel, match="config.json is not JSON"):
        MLXEmbeddingModel(folder)


def test_missing_weights(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(DamagedModel, match="^model.safetensors is missing$"):
        MLXEmbeddingModel(folder)


def test_a_missing_part(folder):
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"x": "model-2.safetensors"}}))
    with pytest.raises(DamagedModel, match="model-2.safetensors is missing"):
        MLXEmbeddingModel(folder)


def test_weights_in_parts_are_read_from_those_the_index_names(folder):
    whole = folder / "model.safetensors"
    arrays = dict(mx.load(str(whole)))
    mx.eval(arrays)
    names = sorted(arrays)
    parts = {"part-1.safetensors": names[::2], "part-2.safetensors": names[1::2]}
    expected = mx.array(MLXEmbeddingModel(folder).encode([[3, 1, 4]], "mean"))
    for part, held in parts.items():
        mx.save_safetensors(str(folder / part), {name: arrays[name] for name in held})
    index = {"weight_map": {name: part for part, held in parts.items() for name in held}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    whole.write_bytes(b"of no interest now")
    assert mx.array_equal(MLXEmbeddingModel(folder).encode([[3, 1, 4]], "mean"), expected)


@pytest.mark.parametrize("kept", [0, 5, 100, 0.5, 0.999])
def test_truncated_weights(folder, kept):
    file = folder / "model.safetensors"
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * kept) if kept < 1 else kept])
    with pytest.raises(DamagedModel, match="cannot be read") as damaged:
        MLXEmbeddingModel(folder)
    assert str(folder) not in str(damaged.value)


def test_a_configuration_that_is_no_object(folder):
    (folder / "config.json").write_text("[]")
    with pytest.raises(DamagedModel, match="^config.json holds no object$"):
        MLXEmbeddingModel(folder)


def test_users_of_the_service_hear_which_folder_it_is(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(DamagedModel) as damaged:
        EmbeddingService(str(folder))
    assert str(damaged.value) == f"model.safetensors is missing ({folder})"


def test_a_lacking_array(folder):
    rewrite(folder, lambda arrays: arrays.pop("encoder.layer.1.output.dense.weight"))
    with pytest.raises(DamagedModel, match="^The weights lack encoder.layer.1.output.dense.weight"):
        MLXEmbeddingModel(folder)


def test_an_array_too_many(folder):
    rewrite(folder, lambda arrays: arrays.update(surprise=mx.zeros(3)))
    with pytest.raises(DamagedModel, match="have surprise"):
        MLXEmbeddingModel(folder)


def test_an_array_of_another_shape(folder):
    rewrite(folder, lambda arrays: arrays.update({"embeddings.LayerNorm.bias": mx.zeros(3)}))
    with pytest.raises(DamagedModel, match=r"embeddings.LayerNorm.bias of shape \(3,\), and config.json wants \(64,\)"):
        MLXEmbeddingModel(folder)


def test_an_unknown_architecture(folder):
    (folder / "config.json").write_text(json.dumps({**BERT, "model_type": "mamba"}))
    with pytest.raises(UnsupportedModel, match="'mamba' cannot run .* qwen3, gemma3_text, bert"):
        MLXEmbeddingModel(folder)


def test_a_configuration_without_a_needed_value(folder):
    (folder / "config.json").write_text(json.dumps({k: v for k, v in BERT.items() if k != "vocab_size"}))
    with pytest.raises(UnsupportedModel, match="vocab_size"):
        MLXEmbeddingModel(folder)


def test_weights_larger_than_memory_are_refused_before_they_are_read(folder, monkeypatch):
    monkeypatch.setattr(weights, "free_memory", lambda: 100 * 2**20)
    with pytest.raises(NotEnoughMemory, match=r"needs 1\d\d MB of memory, and 100 MB are free"):
        MLXEmbeddingModel(folder)


def test_a_checkpoint_with_a_word_predictor_and_without_prefix(tmp_path):
    folder = write_model(tmp_path / "model", QWEN3)
    before = MLXEmbeddingModel(folder).encode([[1, 2, 3]], "mean").tolist()

    def strip(arrays):
        named = {name.removeprefix("model."): value for name, value in arrays.items()}
        arrays.clear()
        arrays.update(named, **{"lm_head.weight": mx.zeros((128, 64))})

    rewrite(folder, strip)
    assert MLXEmbeddingModel(folder).encode([[1, 2, 3]], "mean").tolist() == before
