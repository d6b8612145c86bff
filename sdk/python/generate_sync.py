"""Writes src/akidb_client/_sync from _async, whose code is the same but for `async` and `await`.

python generate_sync.py            writes it
python generate_sync.py --check    exits with 1 if it is not up to date
"""

import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent / "src" / "akidb_client"
NOTE = "# Written by generate_sync.py from ../_async/{name}; change that.\n"

WORDS = [
    (r"\basync def\b", "def"),
    (r"\basync with\b", "with"),
    (r"\basync for\b", "for"),
    (r"\bawait ", ""),
    (r"\b__aenter__\b", "__enter__"),
    (r"\b__aexit__\b", "__exit__"),
    (r"\baclose\b", "close"),
    (r"\baiter_bytes\b", "iter_bytes"),
    (r"\bAsyncIterator\b", "Iterator"),
    (r"\bhttpx\.AsyncClient\b", "httpx.Client"),
    (r"\bAwaitable, ", ""),
    (r"\bAwaitable\[(.*?)\]\]", r"\1]"),
    (r"\bAsync(AkiDB|Table|Query|Computed|Index|Collection|Documents|Transport)\b", r"\1"),
    (r"\basyncio\.to_thread\((\w+), ", r"\1("),
    (r"\basyncio\.to_thread\(([\w.]+)\)", r"\1()"),
    (r"\basyncio\.sleep\b", "time.sleep"),
    (r"^import asyncio\nimport time\n", "import time\n"),
    (r"^import asyncio\n(?=from collections.abc import Callable)", ""),
    (r"^import asyncio\n", "import time\n"),
    (r"\n        import time\n", "\n"),
    (r"\bThe client that awaits\b", "The client that waits"),
    (r", also one that is awaited", ""),
]


def sync_of(source: str, name: str) -> str:
    # an iterable that is awaited is for the other client alone
    source = re.sub(
        r"            if is_async\(rows\):\n(?:                .*\n)+            else:\n((?:                .*\n)+)",
        lambda found: re.sub(r"(?m)^    ", "", found[1]),
        source,
    )
    source = re.sub(r"\bis_async,\s+", "", source)
    for pattern, replacement in WORDS:
        source = re.sub(pattern, replacement, source, flags=re.MULTILINE)
    return NOTE.format(name=name) + source


def main() -> int:
    stale = []
    for file in sorted((PACKAGE / "_async").glob("*.py")):
        wanted = sync_of(file.read_text(), file.name)
        if file.name == "__init__.py":
            wanted = NOTE.format(name=file.name) + '"""The client that waits, written from `_async`."""\n'
        target = PACKAGE / "_sync" / file.name
        wanted = subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(target), "-"],
            input=wanted,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        wanted = subprocess.run(
            [
                sys.executable,
                "-m",
                "ruff",
                "check",
                "--select",
                "I",
                "--fix-only",
                "-q",
                "--stdin-filename",
                str(target),
                "-",
            ],
            input=wanted,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        if not target.exists() or target.read_text() != wanted:
            stale.append(target.name)
            if "--check" not in sys.argv:
                target.write_text(wanted)
    if "--check" in sys.argv and stale:
        print(f"_sync is not up to date: {', '.join(stale)}; run generate_sync.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
