"""The layer gives what pixeltable 0.7.21 gave for the same calls (recorded.json; record.py writes it)."""

import importlib
import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import akidb_client.pixeltable as pxt
from akidb_client.pixeltable import functions as pxtf

from . import scenes

CSV = "name,stars,score,open\nMill,3,1.5,true\nBridge,5,2.25,false\n"
RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text())

#: Calls that answer otherwise here, each for a reason.
DIFFERENT = {
    ("joins", "p.join(m, on=p.team == m.id, how='inner').order_by(p.age).select(p.name, m.label).collect()"):
        "fails there: 'Table was dropped'",
    ("joins", "p.join(m, on=p.team == m.id).where(m.label == 'red').select(p.name).order_by(p.name).collect()"):
        "loses the condition of the join there, and finds people of other teams",
    ("joins", "p.join(m, on=p.team == m.id).where(p.age > 26).count()"): "loses the condition of the join there",
    ("keys", "u.batch_update([{'id': 1, 'name': 'A'}, {'id': 2, 'n': 6}])"): "KeyError there if rows set different columns",
    ("keys", "u.order_by(u.id).collect()"): "follows from that",
    ("keys", "u.batch_update([{'id': 3, 'name': 'c'}], if_not_exists='ignore')"): "names columns there though no row changed",
    ("keys", "u.batch_update([{'id': 3, 'name': 'c'}], if_not_exists='insert')"): "says there that no row was inserted",
    ("strings", "s.select(s.x.capitalize(), s.x.title(), s.x.swapcase()).collect()"): "makes '' of a missing text there",
    ("strings", "s.select(s.x.find('o')).collect()"): "says the same in other words",
}  # fmt: skip


@pytest.fixture
def layer(db, tmp_path):
    pxt.connect(db)
    pxt.uninstall()
    pxt.install()
    sys.modules.pop(f"{__package__}.udfs", None)
    udfs = importlib.import_module(f"{__package__}.udfs")
    (tmp_path / "data.csv").write_text(CSV)
    yield {
        "pxt": pxt, "pxtf": pxtf, "pd": pd, "np": np, "datetime": __import__("datetime"), "folder": str(tmp_path),
        "embed": pxtf.huggingface.sentence_transformer.using(model_id="all-MiniLM-L6-v2"),
        "word_count": udfs.word_count, "shout": udfs.shout,
    }  # fmt: skip
    pxt.uninstall()


@pytest.mark.parametrize("scene", RECORDED)
def test_gives_what_pixeltable_gave(layer, scene, tmp_path):
    wrong = []
    for recorded in RECORDED[scene]:
        call = recorded["call"]
        got = json.loads(json.dumps(scenes.run(call, layer)).replace(str(tmp_path), "FOLDER"))
        if (scene, call) not in DIFFERENT and not equal(recorded["gives"], got, "order_by" in call or "head" in call):
            wrong.append(f"{call}\n    there: {short(recorded['gives'])}\n    here:  {short(got)}")
    assert not wrong, "\n".join(wrong)


def test_enough_calls_are_recorded():
    assert sum(len(calls) for calls in RECORDED.values()) - len(DIFFERENT) >= 400


def short(value):
    return json.dumps(value, ensure_ascii=False)[:400]


def equal(there, here, ordered):
    """Equal but for the last digits of floats, the order of rows nobody ordered, and the words after an error's first line."""
    if isinstance(there, dict) and isinstance(here, dict):
        if "error" in there:
            words = there["message"][:60].partition(" Row:")[0].partition("()")[0]
            return here.get("error") == there["error"] and here["message"].startswith(words)
        if "rows" in there and not ordered and "rows" in here:
            there, here = ({**side, "rows": sorted(side["rows"], key=repr)} for side in (there, here))
        return there.keys() == here.keys() and all(equal(there[name], here[name], ordered) for name in there)
    if isinstance(there, list) and isinstance(here, list):
        return len(there) == len(here) and all(equal(a, b, ordered) for a, b in zip(there, here))
    if isinstance(there, float) and isinstance(here, (int, float)):
        return math.isclose(there, here, rel_tol=1e-4, abs_tol=1e-4)
    return there == here and type(there) is type(here)
