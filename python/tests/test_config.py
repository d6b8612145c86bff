"""Settings of the Python package."""

import pytest
from akidb_mlx.config import EmbeddingConfig, config_from, load_config
from akidb_mlx.errors import ConfigurationError


def test_defaults_are_those_of_the_product():
    assert load_config(environment={}) == EmbeddingConfig(
        "qwen3-0.6b-4bit", None, True, 512, True, 32
    )


def test_the_file_is_read_and_the_environment_is_stronger(tmp_path):
    file = tmp_path / "embedding_config.yaml"
    file.write_text("embedding:\n  pooling: cls\n  max_tokens: 128\n  normalize: false\n")
    config = load_config(file, {"AKIDB_EMBEDDING_MAX_TOKENS": "64", "AKIDB_EMBEDDING_AUTO_DOWNLOAD": "False"})
    assert (config.pooling, config.max_tokens, config.normalize, config.auto_download) == ("cls", 64, False, False)


@pytest.mark.parametrize(
    "key, value",
    [("model_name", ""), ("model_name", 3), ("pooling", "max"), ("normalize", "yes"), ("max_tokens", 0),
     ("max_tokens", True), ("max_tokens", 1.5), ("auto_download", 1), ("batch_size", -1)],
)
def test_a_wrong_value_is_refused_by_its_key(key, value):
    with pytest.raises(ConfigurationError, match=f"embedding.{key}"):
        config_from({key: value})


@pytest.mark.parametrize("name, text", [("MAX_TOKENS", "many"), ("NORMALIZE", "perhaps"), ("BATCH_SIZE", "0")])
def test_a_wrong_variable_is_refused_by_its_key(name, text):
    with pytest.raises(ConfigurationError, match=name.lower()):
        load_config(environment={f"AKIDB_EMBEDDING_{name}": text})


def test_an_unknown_key_is_refused():
    with pytest.raises(ConfigurationError, match="poling"):
        config_from({"poling": "mean"})


def test_a_named_file_must_exist(tmp_path):
    with pytest.raises(ConfigurationError, match="does not exist"):
        load_config(tmp_path / "absent.yaml", {})


@pytest.mark.parametrize("text", ["embedding: [1]", "- 1", "embedding: {a: ["])
def test_a_file_of_another_shape_is_refused(tmp_path, text):
    file = tmp_path / "embedding_config.yaml"
    file.write_text(text)
    with pytest.raises(ConfigurationError):
        load_config(file, {})
