"""Loading and verifying what an export wrote; the export itself needs Pixeltable (scripts/migration_check)."""

import json
import subprocess
import sys

import pytest

import akidb_client.pixeltable as pxt
from akidb_client.migration import MigrationError, load, verify
from akidb_client.migration.schema import of_texts, read_schema


def metadata(**columns):
    return {
        "name": "docs",
        "path": "demo/docs",
        "primary_key": ["id"],
        "columns": {
            name: {"name": name, "type_": kind, "is_computed": name == "loud", "computed_with": "x.upper()"}
            for name, kind in columns.items()
        },
        "indexes": {
            "idx0": {
                "index_type": "embedding",
                "columns": ["text"],
                "parameters": {"metric": "cosine", "embedding": "sentence_transformer()"},
            }
        },
    }


COLUMNS = {
    "id": "Int", "text": "String | None", "day": "Date", "loud": "String", "shot": "Image | None",
    "v": "Array[(3,), float32]", "odd": "Binary",
}  # fmt: skip


def test_reads_what_pixeltable_tells_of_a_table():
    schema = read_schema(metadata(**COLUMNS))
    assert [(column["name"], column["type"]) for column in schema.columns] == [
        ("id", "int"), ("text", "string"), ("day", "string"), ("loud", "string"), ("shot", "string"), ("v", "embedding"),
    ]  # fmt: skip
    assert schema.primary_key == "id"
    assert schema.media == ["shot"]
    assert schema.functions == {"loud": "x.upper()"}
    assert list(schema.left_out) == ["odd"]
    assert schema.embeddings[0]["column"] == "text_embedding"


def test_an_index_on_a_column_of_vectors_is_one_on_the_same_column_here():
    told = metadata(**COLUMNS)
    told["indexes"]["idx1"] = {
        "index_type": "embedding",
        "columns": ["v"],
        "parameters": {"metric": "l2", "embedding": "vectors"},
    }
    schema = read_schema(told)
    (column,) = (column for column in schema.columns if column["name"] == "v")
    assert column["metric"] == "euclidean"
    assert [embedding["column"] for embedding in schema.embeddings] == ["text_embedding", "v"]
    assert [embedding["column"] for embedding in of_texts(schema.embeddings)] == ["text_embedding"]


@pytest.fixture
def folder(tmp_path, db):
    """An export of 1,200 rows, with vectors as the server's model makes them."""
    schema = read_schema(metadata(**{name: kind for name, kind in COLUMNS.items() if name not in ("odd", "shot")}))
    texts = [f"note {number} about {'rivers' if number % 2 else 'snow'}" for number in range(40)]
    vectors = db.embed(texts).vectors
    schema.embeddings[0]["dimensions"] = 384
    with open(tmp_path / "rows.ndjson", "w") as out:
        for number in range(1200):
            text = None if number % 100 == 99 else texts[number % 40]
            row = {
                "id": number, "text": text, "day": "2026-03-01", "loud": "X", "v": [0.1, 0.2, number],
                "text_embedding": None if text is None else vectors[number % 40],
            }  # fmt: skip
            out.write(json.dumps(row) + "\n")
    about = {"table": "docs", "path": "demo/docs", "rows": 1200, **vars(schema)}
    (tmp_path / "schema.json").write_text(json.dumps(about))
    found = db.embed("water that flows").vectors[0]
    scores = sorted(((sum(a * b for a, b in zip(found, vectors[n])), n) for n in range(40)), reverse=True)[:1]
    best = [{"value": n, "score": score} for score, n in scores]
    searches = [{"column": "text_embedding", "text": "water that flows", "shown": "id", "ms": 1.0, "results": best}]
    (tmp_path / "searches.json").write_text(json.dumps(searches))
    return tmp_path


def test_loads_and_verifies_and_pixeltables_face_knows_the_table(folder, db, capsys):
    load.load_table(folder, db, None, ["text=all-minilm-l6-v2"], progress=False)
    assert verify.verify_table(folder, db, None, 1.0) == 0
    told = capsys.readouterr().out
    assert "1200 rows there, 1200 here" in told
    assert "100% of the results" in told
    pxt.connect(db)
    t = pxt.get_table("demo/docs")
    assert repr(t.get_metadata()["columns"]["day"]["type_"]) == "'Date'"
    sim = t.text.similarity(string="snow in winter")
    assert "snow" in t.order_by(sim, asc=False).limit(1).select(t.text).collect()["text"][0]
    assert pxt.list_tables("demo") == ["demo/docs"]
    assert (folder / load.STATE).exists() is False


def test_goes_on_where_it_was_interrupted(folder, db, monkeypatch):
    real, calls = load.read_rows, []

    def breaking(where):
        for number, row in enumerate(real(where)):
            if not calls and number == 700:
                calls.append(1)
                raise KeyboardInterrupt
            yield row

    monkeypatch.setattr(load, "read_rows", breaking)
    with pytest.raises(KeyboardInterrupt):
        load.load_table(folder, db, None, [], progress=False)
    assert db.table("demo/docs").count() == 500
    load.load_table(folder, db, None, [], progress=False)
    assert verify.check_rows(folder, load.read_json(folder, "schema.json"), db.table("demo/docs"))[0]


def test_differences_are_told(folder, db, capsys):
    load.load_table(folder, db, "other", [], progress=False)
    db.table("other").update({"loud": "Y"}, id=7)
    db.table("other").delete(id=8)
    assert verify.verify_table(folder, db, "other", 0.0) == 1
    told = capsys.readouterr().out
    assert "DIFFERENT  1200 rows there, 1199 here" in told
    assert "values and vectors of 1198 of 1200 rows" in told
    assert "not possible, query must be a vector" in told


def test_says_what_is_wrong(folder, db, url, tmp_path):
    db.create_table("demo/docs", {"a": "string"})
    with pytest.raises(MigrationError, match="has a table 'demo/docs' already"):
        load.load_table(folder, db, None, [], progress=False)
    with pytest.raises(MigrationError, match="write COLUMN=MODEL"):
        load.load_table(folder, db, "x", ["nope=m"], progress=False)

    def run(*arguments):
        command = [sys.executable, "-m", "akidb_client.migration", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert "no folder that export wrote" in run("load", tmp_path / "none", "--server", url).stderr
    assert run("verify", folder, "--server", url, "--name", "nope").returncode == 1
    assert "move | export | load | verify | functions" in run("--help").stdout
