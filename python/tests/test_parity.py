"""The migration tool, and calling a user's own package."""

import array
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from akidb_user_service import UserService, to_bytes
from conftest import PYTHON

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
