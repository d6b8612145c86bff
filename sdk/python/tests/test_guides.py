"""Runs the examples of the guides, in order."""

import doctest
import os
import re
from pathlib import Path

import pytest

import akidb_client.pixeltable as pxt

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("guide", ["docs/PYTHON-GUIDE.md", "docs/MIGRATION-FROM-PIXELTABLE.md"])
def test_guide(guide, db, url, monkeypatch):
    monkeypatch.setenv("AKIDB_URL", url)
    pxt.connect(db)
    file = REPOSITORY / guide
    text = "".join(re.findall(r"```python\n(>>>.*?)```", file.read_text(), re.DOTALL))
    example = doctest.DocTestParser().get_doctest(text, {}, guide, str(file), 0)
    told = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(example, out=told.append)
    assert runner.tries > 5
    assert runner.failures == 0, "".join(told)


def test_readme(db, url, monkeypatch, capsys):
    monkeypatch.setenv("AKIDB_URL", url)
    text = (REPOSITORY / "sdk" / "python" / "README.md").read_text()
    exec(compile(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0], "README.md", "exec"), {})
    assert capsys.readouterr().out == "Ford below the mill\n"
    assert os.environ["AKIDB_URL"] == url
