"""Real texts: the definitions and examples of Debian's wordnet-base, about 117,000, fetched once into the cache."""

import os
import pathlib
import random
import subprocess
import tempfile

CACHE = pathlib.Path(os.environ.get("AKIDB_BENCH_HOME", "~/.cache/akidb/bench")).expanduser()
FILES = ("data.noun", "data.verb", "data.adj", "data.adv")


def glosses():
    """All glosses, each once, in a fixed random order."""
    texts = {}
    for file in FILES:
        with open(_dictionary() / file, encoding="latin-1") as lines:
            for line in lines:
                if not line.startswith("  ") and " | " in line:
                    texts.setdefault(line.split(" | ", 1)[1].strip())
    ordered = list(texts)
    random.Random(1).shuffle(ordered)
    return ordered


def short(texts):
    """5 to 9 words each: the beginnings of glosses, each once."""
    chosen = {}
    for number, text in enumerate(texts):
        words = text.replace(";", "").split()
        if len(words) >= 5:
            chosen.setdefault(" ".join(words[: 5 + number % 5]))
    return list(chosen)


def _dictionary():
    for place in (pathlib.Path("/usr/share/wordnet"), CACHE / "wordnet" / "usr" / "share" / "wordnet"):
        if (place / "data.noun").exists():
            return place
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["apt-get", "download", "-q", "wordnet-base"], cwd=scratch, check=True)
        package = next(pathlib.Path(scratch).glob("*.deb"))
        (CACHE / "wordnet").mkdir(parents=True, exist_ok=True)
        subprocess.run(["dpkg-deb", "-x", package, CACHE / "wordnet"], check=True)
    return CACHE / "wordnet" / "usr" / "share" / "wordnet"
