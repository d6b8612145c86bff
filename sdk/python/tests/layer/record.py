"""Writes recorded.json and notebooks.json with the real Pixeltable, in whose environment it runs.

MINILM_JAR=... PIXELTABLE_HOME=... PYTHONPATH=src/akidb_client/migration/sample:tests python -m layer.record [SCENE ...]

With names of scenes only those are written anew.
"""

import datetime
import json
import sys
import tempfile
import types
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pixeltable as pxt  # noqa: E402
import pixeltable.functions as pxtf  # noqa: E402
import udfs  # noqa: E402

from . import cells, scenes  # noqa: E402

CSV = "name,stars,score,open\nMill,3,1.5,true\nBridge,5,2.25,false\n"


def main():
    from embedders import embed

    folder = tempfile.mkdtemp()
    Path(folder, "data.csv").write_text(CSV)
    only = sys.argv[1:]
    recorded = json.loads((HERE / "recorded.json").read_text()) if only else {}
    for name in only or scenes.SCENES:
        statements = scenes.SCENES[name]
        for table in reversed(sorted(pxt.list_tables())):
            pxt.drop_table(table, force=True)
        for directory in sorted(pxt.list_dirs()):
            pxt.drop_dir(directory, force=True, if_not_exists="ignore")
        names = {
            "pxt": pxt, "pxtf": pxtf, "pd": pd, "np": np, "datetime": datetime, "embed": embed, "folder": folder,
            "word_count": udfs.word_count, "shout": udfs.shout,
        }  # fmt: skip
        recorded[name] = [{"call": call, "gives": scenes.run(call, names)} for call in statements]
        print(name, len(statements), file=sys.stderr)
    write("recorded.json", recorded, folder)
    if not only:
        write("notebooks.json", notebooks(embed, folder), folder)


def notebooks(embed, folder):
    """What the programs print; for them `embed` is sentence_transformer, whose own packages take gigabytes."""
    named = types.ModuleType("pixeltable.functions.huggingface")
    named.sentence_transformer = types.SimpleNamespace(using=lambda model_id: embed)
    sys.modules[named.__name__] = named
    Path(folder, "seen.csv").write_text(cells.SEEN)
    return {name: cells.run(program, {"folder": folder}) for name, program in cells.programs().items()}


def write(name, recorded, folder):
    text = json.dumps(recorded, indent=1, ensure_ascii=False).replace(folder, "FOLDER")
    (HERE / name).write_text(text + "\n")


if __name__ == "__main__":
    main()
