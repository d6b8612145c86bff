"""What models give: pooling, padding, attention, vectors."""

import math

import pytest

mx = pytest.importorskip("mlx.core")

from akidb_mlx.errors import ConfigurationError  # noqa: E402
from akidb_mlx.host import Worker  # noqa: E402
from akidb_mlx.mlx_inference import MLXEmbeddingModel  # noqa: E402
from akidb_mlx.pooling import normalise, pool  # noqa: E402
from akidb_mlx.token_rows import pad, padded_length  # noqa: E402
from models.random_models import BERT, GEMMA3, QWEN3, write_model  # noqa: E402

CONFIGS = {"qwen3": QWEN3, "gemma3": GEMMA3, "bert": BERT}


@pytest.fixture(scope="module", params=CONFIGS)
def model(request, tmp_path_factory):
    return MLXEmbeddingModel(write_model(tmp_path_factory.mktemp(request.param), CONFIGS[request.param]))


def cosine(a, b):
    dot, la, lb = (sum(x * y for x, y in zip(p, q)) for p, q in ((a, b), (a, a), (b, b)))
    return dot / math.sqrt(la * lb)


@pytest.mark.parametrize("pooling", ["mean", "cls", "last"])
def test_padding_never_changes_a_result(model, pooling):
    rows = [[3, 1, 4, 1, 5], [9] * 40, [2, 6]]
    together = model.encode(rows, pooling).tolist()
    for row, vector in zip(rows, together):
        alone = model.encode([row], pooling).tolist()[0]
        assert cosine(alone, vector) >= 0.999999
        assert max(abs(x - y) for x, y in zip(alone, vector)) < 1e-5


def test_compiled_gives_the_same_bits(model, tmp_path):
    rows = [[3, 1, 4], [1, 5]]
    compiled = MLXEmbeddingModel(model.model_path, compile_forward=True)
    for pooling in ("mean", "last"):
        assert bytes(compiled.encode(rows, pooling)) == bytes(model.encode(rows, pooling))
    compiled.close()


def test_the_host_gets_the_same_bytes(model):
    worker = Worker(str(model.model_path), False)
    rows = [[3, 1, 4], [1, 5]]
    ids, lengths, width = pad(rows, model.max_positions)
    assert width == worker.padded_length(3) == 4
    sizes = mx.array(lengths, mx.int32)
    worker.warm_up("mean")
    assert worker.encode(ids, bytes(sizes), width, "mean") == bytes(model.encode(rows, "mean"))
    worker.close()


def test_a_token_behind_is_seen_by_encoders_and_not_by_qwen3(model):
    def first(rows):
        return model.encode(rows, "cls").tolist()[0]

    same = first([[1, 2, 3, 4]]) == first([[1, 2, 3, 9]])
    assert same == (model.config["model_type"] == "qwen3")


def test_a_local_layer_of_gemma_sees_half_its_window_either_way(tmp_path):
    config = {**GEMMA3, "num_hidden_layers": 1, "_sliding_window_pattern": 2, "sliding_window": 16}
    local = MLXEmbeddingModel(write_model(tmp_path / "local", config))

    def middle(changed):
        row = [5] * 41
        row[changed] = 77
        ids = mx.array([row])
        return local.hidden_states(ids, mx.ones_like(ids))[0, 20].tolist()

    far = middle(0)
    assert middle(20 - 9) == middle(20 + 9) == far
    assert middle(20 - 8) != far and middle(20 + 8) != far


def test_gemma_ends_with_its_dense_layers(tmp_path):
    model = MLXEmbeddingModel(write_model(tmp_path / "gemma", GEMMA3))
    ids = mx.array([[1, 2, 3, 4]])
    pooled = pool(model.hidden_states(ids, mx.ones_like(ids)), mx.array([4]), "mean")
    weights = mx.load(str(model.model_path / "model.safetensors"))
    expected = pooled @ weights["dense.0.weight"].T @ weights["dense.1.weight"].T
    assert mx.allclose(model.encode([[1, 2, 3, 4]], "mean"), expected, rtol=1e-4)


def test_gemma_takes_dense_layers_from_the_folders_of_an_original_checkpoint(tmp_path):
    folder = write_model(tmp_path / "gemma", GEMMA3)
    before = MLXEmbeddingModel(folder).encode([[1, 2, 3]], "mean").tolist()
    arrays = dict(mx.load(str(folder / "model.safetensors")))
    mx.eval(arrays)
    for number in (0, 1):
        part = folder / f"{number + 2}_Dense"
        part.mkdir()
        mx.save_safetensors(str(part / "model.safetensors"), {"linear.weight": arrays.pop(f"dense.{number}.weight")})
    mx.save_safetensors(str(folder / "model.safetensors"), arrays)
    (folder / "modules.json").write_text(
        '[{"path": "", "type": "sentence_transformers.models.Transformer"},'
        ' {"path": "2_Dense", "type": "sentence_transformers.models.Dense"},'
        ' {"path": "3_Dense", "type": "sentence_transformers.models.Dense"}]'
    )
    assert MLXEmbeddingModel(folder).encode([[1, 2, 3]], "mean").tolist() == before


@pytest.mark.parametrize("row", [[128], [-1], [2**31 - 1]])
def test_a_token_that_the_model_does_not_have_is_refused(model, row):
    with pytest.raises(ValueError, match=f"Token {row[0]} is not in the model's vocabulary of 128"):
        model.encode([[1, 2], row], "mean")


def test_more_tokens_than_positions_are_refused(tmp_path):
    model = MLXEmbeddingModel(write_model(tmp_path / "bert", BERT))
    assert len(model.encode([[1] * 128], "mean").tolist()[0]) == 64
    with pytest.raises(ValueError, match="129 tokens are more than the 128"):
        model.encode([[1] * 129], "mean")


@pytest.mark.parametrize("lengths", [[0, 2], [2, 5]])
def test_lengths_that_do_not_fit_the_width_are_refused(model, lengths):
    ids = bytes(mx.ones((2, 4), mx.int32))
    with pytest.raises(ValueError, match="do not fit a width of 4"):
        model.encode_padded(ids, bytes(mx.array(lengths, mx.int32)), 4, "mean")


def test_pooling_takes_own_positions_alone():
    hidden = mx.array([[[1.0, 2.0], [3.0, 6.0], [100.0, float("nan")]]])
    lengths = mx.array([2])
    assert pool(hidden, lengths, "mean").tolist() == [[2.0, 4.0]]
    assert pool(hidden, lengths, "cls").tolist() == [[1.0, 2.0]]
    assert pool(hidden, lengths, "last").tolist() == [[3.0, 6.0]]
    with pytest.raises(ConfigurationError, match="max"):
        pool(hidden, lengths, "max")


def test_normalising_a_zero_vector_leaves_it():
    assert normalise([0.0, 0.0]) == [0.0, 0.0]
    assert normalise([3.0, 4.0]) == pytest.approx([0.6, 0.8])


def test_padded_lengths_are_few_and_near():
    widths = [padded_length(length) for length in range(1, 513)]
    assert len(set(widths)) <= 32
    assert all(width >= length for length, width in enumerate(widths, 1))
    assert all(width <= length * 1.2 + 3 for length, width in enumerate(widths, 1))


def test_padding_stops_at_the_models_last_position():
    assert pad([[1] * 9], 10)[2] == 10
    with pytest.raises(ValueError):
        pad([[1], []], 10)
    with pytest.raises(ValueError):
        pad([], 10)
