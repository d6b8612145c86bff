"""Makes the sample's table, or makes it anew: python -m akidb_client.migration.sample.make_table [rows]"""

import datetime
import itertools
import sys
from collections.abc import Iterator
from typing import Any

import pixeltable as pxt

from .embedders import embed, shelf

SUBJECTS = [
    "React components",
    "REST endpoints",
    "database migrations",
    "unit tests",
    "background jobs",
    "CLI commands",
]
WAYS = ["by feature", "by layer", "with one folder per domain", "behind small interfaces", "for tree shaking"]
LANGUAGES = ["TypeScript", "Python", "Java", "Go"]
EPOCH = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)


def rows(count: int) -> Iterator[dict[str, Any]]:
    combinations = itertools.cycle(itertools.product(SUBJECTS, WAYS, LANGUAGES))
    for number, (subject, way, language) in zip(range(count), combinations):
        yield {
            "repo_url": f"https://example.org/{number}",
            "title": f"{subject} {way}",
            "teaches": f"How to organise {subject} {way} in {language}, example {number}" if number % 40 else None,
            "language": language,
            "quality_score": number % 20 / 2,
            "seen": EPOCH + datetime.timedelta(hours=number, microseconds=number),
            "tags": {"stars": number, "topics": [subject.lower(), "naïve – 例"]},
            "archived": number % 7 == 0,
        }


def make(count: int) -> None:
    pxt.drop_table("code_layouts", if_not_exists="ignore")
    table = pxt.create_table(
        "code_layouts",
        {
            "repo_url": pxt.String,
            "title": pxt.String,
            "teaches": pxt.String | None,
            "language": pxt.String,
            "quality_score": pxt.Float,
            "seen": pxt.Timestamp,
            "tags": pxt.Json,
            "archived": pxt.Bool,
        },
        primary_key="repo_url",
    )
    table.add_computed_column(shelf=shelf(table.language, table.quality_score))
    table.add_embedding_index("teaches", string_embed=embed, precision="fp32")
    table.insert(rows(count))


if __name__ == "__main__":
    make(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
