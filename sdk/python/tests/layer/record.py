"""Writes recorded.json with the real Pixeltable, in whose environment it runs.

MINILM_JAR=... PIXELTABLE_HOME=... PYTHONPATH=sdk/python/src/akidb_client/migration/sample python record.py
"""

import datetime
import json
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pixeltable as pxt  # noqa: E402
import pixeltable.functions as pxtf  # noqa: E402
import scenes  # noqa: E402
import udfs  # noqa: E402

CSV = "name,stars,score,open\nMill,3,1.5,true\nBridge,5,2.25,false\n"


def main():
    from embedders import embed

    folder = tempfile.mkdtemp()
    Path(folder, "data.csv").write_text(CSV)
    recorded = {}
    for name, statements in scenes.SCENES.items():
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
    text = json.dumps(recorded, indent=1, ensure_ascii=False).replace(folder, "FOLDER")
    (HERE / "recorded.json").write_text(text + "\n")


main()
