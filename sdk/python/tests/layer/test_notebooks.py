"""Programs of the kinds that Pixeltable's text notebooks are, with their import lines changed and nothing else, give and print
what they did with pixeltable 0.7.21 (notebooks.json; record.py writes it)."""

import json
import re
from pathlib import Path

import pytest

import akidb_client.pixeltable as pxt

from . import cells
from .test_recorded import equal, short

RECORDED = json.loads((Path(__file__).parent / "notebooks.json").read_text())

#: Cells that answer otherwise here, each for a reason.
DIFFERENT = {'pxt.ls(path="basics")': "AkiDB keeps no versions of tables, and shows none"}
#: Cells that give the same and print it otherwise, each for a reason.
PRINTED_OTHERWISE = {
    "orders.select(orders.number, orders.sku, orders.pieces, orders.goods).collect()": "keys of objects keep their order here",
    'people.join(orders, on=people.person == orders.person, how="full_outer").select(people.name, orders.what).collect()':
        "nobody ordered the rows",
}  # fmt: skip


@pytest.mark.parametrize("name", RECORDED)
def test_prints_what_it_did_with_pixeltable(name, db, tmp_path):
    pxt.connect(db)
    (tmp_path / "seen.csv").write_text(cells.SEEN)
    program, lines = re.subn(r"(?m)^(import|from) pixeltable\b", r"\1 akidb_client.pixeltable", cells.programs()[name])
    assert lines in (1, 2)
    wrong = []
    for there, here in zip(RECORDED[name], cells.run(program, {"folder": str(tmp_path)}), strict=True):
        its = json.loads(json.dumps(here).replace(str(tmp_path), "FOLDER"))
        ordered = "order_by" in there["cell"] or "similarity" in there["cell"]
        if there["cell"] in DIFFERENT:
            continue
        printed_alike = there["prints"] == its["prints"] or there["cell"] in PRINTED_OTHERWISE
        if not equal(there["gives"], its["gives"], ordered) or not printed_alike:
            gave = [f"{short(side['gives'])}\n           {side['prints']}" for side in (there, its)]
            wrong.append(f"{here['cell']}\n    there: {gave[0]}\n    here:  {gave[1]}")
    assert not wrong, "\n".join(wrong)


def test_every_program_is_recorded_as_it_is():
    assert {name: len(parts) for name, parts in RECORDED.items()} == {
        name: program.count(cells.CELL) for name, program in cells.programs().items()
    }
    assert sum(map(len, RECORDED.values())) >= 80
