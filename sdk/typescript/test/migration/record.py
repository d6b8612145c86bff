"""Records what the real Pixeltable answers about the migration sample, for migration.test.ts.

PYTHONPATH=python MINILM_JAR=... PIXELTABLE_HOME=... python sdk/typescript/test/migration/record.py [rows]
"""

import json
import sys
from pathlib import Path

import pixeltable as pxt
from pixeltable_migration.sample import make_table

SEARCHES = [
    "How do I organise React components?",
    "where do database migrations go",
    "tests for a command line tool in Go",
    "naïve jobs in the background",
]


def plain(rows):
    return [{name: value for name, value in row.items()} for row in rows]


def main(count):
    make_table.make(count)
    t = pxt.get_table("code_layouts")
    rows = list(make_table.rows(count))
    for row in rows:
        row["seen"] = row["seen"].isoformat().replace("+00:00", "Z")
    good = t.where(t.quality_score >= 8).select(t.repo_url, t.quality_score).collect()
    some = t.where((t.quality_score < 3) & (t.language == "Go")).order_by(t.title).select(t.title, t.language).collect()
    searches = []
    for text in SEARCHES:
        similarity = t.teaches.similarity(string=text)
        nearest = t.order_by(similarity, asc=False).limit(10).select(t.repo_url, score=similarity).collect()
        narrowed = (
            t.where((t.quality_score >= 7) & (t.language == "TypeScript"))
            .order_by(similarity, asc=False)
            .limit(10)
            .select(t.repo_url, score=similarity)
            .collect()
        )
        searches.append({"text": text, "nearest": plain(nearest), "narrowed": plain(narrowed)})
    recorded = {"pixeltable": pxt.__version__, "rows": rows, "good": plain(good), "some": plain(some), "searches": searches}
    target = Path(__file__).parent / "recorded.json"
    target.write_text(json.dumps(recorded, ensure_ascii=False, indent=1) + "\n")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 120)
