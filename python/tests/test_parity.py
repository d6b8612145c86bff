"""The migration tool, and calling a user's own package."""

import array
import importlib.util
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from akidb_user_service import UserService, to_bytes
from conftest import PYTHON, TESTS

QWEN3 = {
    "model_type": "qwen3", "hidden_size": 64, "num_hidden_layers": 2, "intermediate_size": 128, "num_attention_heads": 2,
    "num_key_value_heads": 1, "head_dim": 64, "rms_norm_eps": 1e-6, "max_position_embeddings": 1024,
    "rope_theta": 1000000.0, "tie_word_embeddings": True,
}
PARITY = PYTHON.parent / "scripts" / "parity"
VECTORS = {"one": [0.6, 0.8], "two": [1.0, 0.0], "three": [0.0, 1.0]}
SERVICE = f"VECTORS = {VECTORS}\n" + """
class EmbeddingService:
    def __init__(self, model_name="mine"):
        self.model_name = model_name

    def embed(self, texts):
        return [VECTORS[text] for text in texts]
"""


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "package"
    (folder / "akidb_mlx").mkdir(parents=True)
    (folder / "akidb_mlx/__init__.py").write_text("")
    (folder / "akidb_mlx/embedding_service.py").write_text(SERVICE)
    (tmp_path / "texts").write_text("\n".join(VECTORS) + "\n")
    return folder


@pytest.fixture
def server():
    answers = dict(VECTORS)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = all(text in answers for text in body["texts"])
            answer = {"embeddings": [answers[text] for text in body["texts"]]} if found else {"error": "no such text"}
            self.send_response(200 if found else 500)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield answers, f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


def parity(package, *arguments):
    command = [sys.executable, str(PARITY), "--path", str(package), "--texts", str(package.parent / "texts")]
    return subprocess.run([*command, "--batch", "2", *arguments], capture_output=True, text=True, check=False)


def test_the_same_vectors_are_told(package, server):
    result = parity(package, "--server", server[1])
    assert result.returncode == 0, result.stderr
    assert "the same, bit by bit  3" in result.stdout
    assert result.stdout.endswith("Same.\n")


def test_a_text_that_differs_is_named(package, server):
    server[0]["two"] = [0.9, 0.1]
    result = parity(package, "--server", server[1])
    assert result.returncode == 1
    assert "largest difference 0.1: two" in result.stdout
    assert "1 of 3 texts" in result.stdout


def test_another_dimension_is_told(package, server):
    server[0].update({text: [1.0, 0.0, 0.0] for text in VECTORS})
    result = parity(package, "--server", server[1])
    assert (result.returncode, result.stdout) == (1, "Different shapes: 3 × 2 and 3 × 3\n")


def test_a_refusal_of_the_server_is_told(package, server):
    del server[0]["three"]
    result = parity(package, "--server", server[1])
    assert result.returncode == 2
    assert "The server answered 500" in result.stderr and "no such text" in result.stderr


def test_a_package_that_fails_is_told(package):
    (package / "akidb_mlx/embedding_service.py").write_text("raise RuntimeError('broken')")
    result = parity(package, "--site", str(package))
    assert result.returncode == 2
    assert result.stderr == f"The package in {package} failed: RuntimeError: broken\n"


def test_a_service_without_a_model_and_with_other_arrays(tmp_path, monkeypatch):
    (tmp_path / "own.py").write_text(
        "import array\nclass EmbeddingService:\n    def embed(self, texts):\n"
        "        return tuple(array.array('d', [len(text), 0]) for text in texts)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    values = array.array("f", UserService("ignored", "own").embed(["a", "bcd"]))
    assert values.tolist() == [1, 0, 3, 0]


@pytest.mark.parametrize("vectors", [[[1.0]], [[1.0], [1.0, 2.0]], [[], []]])
def test_vectors_that_do_not_fit_the_texts_are_refused(vectors):
    with pytest.raises(ValueError, match="embed gave"):
        to_bytes(vectors, 2)


def test_the_sample_package_gives_the_same_with_our_mlx(official, ours, tmp_path):
    """docs/examples/acme, on a small model with random weights, with the official mlx and with ours."""
    small = json.dumps({**QWEN3, "vocab_size": 512})
    script = "import json, sys; from models.random_models import write_model; write_model(sys.argv[1], json.loads(sys.argv[2]), quantized=True)"
    environment = {**os.environ, "PYTHONPATH": f"{TESTS}{os.pathsep}{PYTHON}", "ACME_MODEL": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script, str(tmp_path), small], env=environment, check=True)
    words = {"[UNK]": 0, "rain": 1, "snow": 2, "in": 3, "the": 4, "hills": 5}
    tokenizer = {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "Whitespace"}}
    tokenizer["model"] = {"type": "WordLevel", "vocab": words, "unk_token": "[UNK]"}
    (tmp_path / "tokenizer.json").write_text(json.dumps(tokenizer))
    (tmp_path / "texts").write_text("rain in the hills\nsnow\nthe pass\n")
    command = [sys.executable, str(PARITY), "--path", str(PYTHON.parent / "docs/examples/acme"), "--site", ours]
    result = subprocess.run(
        [*command, "--texts", str(tmp_path / "texts")], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.endswith("Same.\n")


def test_what_mlx_lm_lacks_without_transformers_is_told(tmp_path):
    if importlib.util.find_spec("transformers") is not None:
        pytest.skip("transformers is here")
    script = "import akidb_user_service as s; s.offer_mlx_lm_models(); from mlx_lm.models import qwen3; from mlx_lm import load"
    environment = {**os.environ, "PYTHONPATH": str(PYTHON)}
    result = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert "mlx_lm.load needs the package transformers" in result.stderr
