"""What recordings cannot show: what is kept with tables, what is refused, tables that AkiDB's own means made."""

import os
import subprocess
import sys

import numpy as np
import pytest

import akidb_client.pixeltable as pxt
from akidb_client.pixeltable import functions as pxtf


@pytest.fixture(autouse=True)
def connected(db):
    pxt.connect(db)


def test_what_cannot_be_says_why_and_what_to_do():
    t = pxt.create_table("t", {"a": pxt.String})
    for call in (
        t.revert,
        t.history,
        t.get_versions,
        lambda: pxt.create_view("v", t),
        lambda: pxt.create_snapshot("s", t),
        lambda: pxt.get_table("t:3"),
        lambda: pxtf.huggingface.clip.using(model_id="x"),
        lambda: pxtf.openai.chat_completions([]),
        lambda: t.add_embedding_index("a", image_embed=pxtf.sentence_transformer),
        lambda: pxt.create_table("b", {"x": pxt.Binary}),
        lambda: t.sample(n=1, stratify_by=t.a),
    ):
        with pytest.raises(pxt.NotSupported) as raised:
            call()
        assert len(str(raised.value)) > 30
        assert isinstance(raised.value, pxt.Error)


def test_numbers_that_json_does_not_have_are_refused_and_times_of_pandas_that_are_none_are_missing():
    import pandas

    t = pxt.create_table("t", {"f": pxt.Float | None, "t": pxt.Timestamp | None})
    for number in (float("nan"), float("inf")):
        with pytest.raises(pxt.RequestError, match=r"rows\[0\]\.f"):
            t.insert([{"f": number}])
    t.insert([{"t": pandas.NaT}])
    assert t.collect()["t"] == [None]
    t.insert([{"f": 0.0}])
    with pytest.raises(pxt.RequestError, match="ZeroDivisionError") as raised:
        t.where(t.f == 0).select((1 / t.f).apply(str, col_type=pxt.String)).collect()
    assert str(raised.value).count("In row 0") == 1


def test_names_that_are_not_here_say_why_too():
    for name in pxt.NOT_HERE:
        assert not hasattr(pxt, name)
        with pytest.raises(pxt.NotSupported, match=f"pixeltable.{name} is not there: .{{20}}"):
            getattr(pxt, name)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pxt.nothing  # noqa: B018


OTHER = """
import akidb_client.pixeltable as pxt
pxt.install()
t = pxt.get_table("t")
t.insert([{"a": "one two three"}])
print(t.where(t.a == "one two three").select(t.words, t.loud).collect()[0])
sim = t.a.similarity(string="three words")
print(t.order_by(sim, asc=False).limit(1).select(t.a).collect()["a"])
"""


def test_another_program_computes_columns_and_vectors_of_functions_it_can_import(url):
    pxt.install()
    sys.path.insert(0, os.path.dirname(__file__))
    try:
        import udfs

        t = pxt.create_table("t", {"a": pxt.String})
        t.insert([{"a": "x y"}])
        t.add_computed_column(words=udfs.word_count(t.a))
        t.add_computed_column(loud=udfs.shout(t.a.strip(), mark="?"))
        t.add_embedding_index("a", string_embed=pxtf.sentence_transformer.using(model_id="all-MiniLM-L6-v2"))
    finally:
        sys.path.pop(0)
        pxt.uninstall()
    environment = {
        **os.environ,
        "AKIDB_URL": url,
        "PYTHONPATH": os.pathsep.join([os.path.dirname(__file__), *sys.path]),
    }
    ran = subprocess.run([sys.executable, "-c", OTHER], capture_output=True, text=True, env=environment, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == ["{'words': 3, 'loud': 'ONE TWO THREE?'}", "['one two three']"]


def test_a_function_of_this_program_makes_the_vectors_of_an_index(db):
    @pxt.udf
    def letters(text: str) -> pxt.Array[(3,), pxt.Float]:
        return np.array([text.count("a"), text.count("b"), text.count("c")], dtype=np.float32)

    globals()["letters"] = letters
    t = pxt.create_table("t", {"n": pxt.Int, "x": pxt.String | None})
    t.insert([{"n": 1, "x": "aaa"}, {"n": 2, "x": "bbb"}])
    t.add_embedding_index("x", string_embed=letters, metric="cosine")
    t.insert([{"n": 3, "x": "ccb"}, {"n": 4, "x": None}])
    sim = t.x.similarity(string="cc")
    assert t.order_by(sim, asc=False).limit(1).select(t.n).collect()["n"] == [3]
    t.update({"x": "ccc"}, where=t.n == 1)
    assert t.order_by(sim, asc=False).limit(1).select(t.n, s=sim).collect()[0] == {"n": 1, "s": pytest.approx(1)}
    assert t.select(t.n, v=t.x.embedding()).where(t.n == 4).collect()[0]["v"] is None


def test_other_metrics_give_pixeltables_numbers():
    for metric, wanted in (("ip", 2.0), ("l2", 2.0)):
        t = pxt.create_table("t", {"e": pxt.Array[(2,), pxt.Float]}, if_exists="replace")
        t.insert([{"e": [2.0, 0.0]}, {"e": [2.0, 2.0]}])
        t.add_embedding_index("e", metric=metric)
        sim = t.e.similarity(vector=np.array([1.0, 0.0]) if metric == "ip" else np.array([2.0, 4.0]))
        rows = t.order_by(sim, asc=metric == "l2").limit(2).select(sim=sim).collect()
        assert rows["sim"][0] == pytest.approx(wanted, abs=1e-4)


def test_tables_made_by_akidbs_own_means_are_tables_too(db, notes):
    t = pxt.get_table("notes")
    assert t.columns() == ["note", "year"]
    sim = t.note.similarity(string="where is the ford")
    assert t.where(t.year > 2020).order_by(sim, asc=False).limit(1).select(t.note).collect()["note"] == [
        "Ford below the mill"
    ]
    assert t.insert([{"note": "New", "year": None}]).num_rows == 1
    assert "notes" in pxt.list_tables()
    t.add_computed_column(loud=t.note.upper())
    assert t.where(t.year == 2024).select(t.loud).collect()["loud"] == ["THE HUT SERVES SOUP"]


def test_a_search_takes_conditions_that_the_server_does_not_know(notes):
    t = pxt.get_table("notes")
    sim = t.note.similarity(string="where is the ford")
    found = t.where(t.year % 2 == 0).order_by(sim, asc=False).select(t.year, sim=sim).collect()
    assert found["year"][0] == 2012
    assert set(found["year"]) == {2012, 2024}
    assert t.where((sim > 0.4) & (t.year < 2020)).order_by(sim, asc=False).select(t.year).collect()["year"] == [2012]
    assert t.where(sim > 0.4).count() == 2
    assert t.order_by(sim, asc=False).limit(2, offset=1).select(t.year).collect()["year"] == [2023, 2025]


def test_embeddings_as_a_computed_column():
    t = pxt.create_table("t", {"x": pxt.String})
    t.insert([{"x": "a river"}])
    t.add_computed_column(v=pxtf.huggingface.sentence_transformer(t.x, model_id="all-MiniLM-L6-v2"))
    t.insert([{"x": "a stream"}])
    assert [v.shape for v in t.select(t.v).collect()["v"]] == [(384,), (384,)]
    assert t.get_metadata()["columns"]["v"]["is_computed"]
    t.add_embedding_index("v")
    rows = t.order_by(t.v.similarity(vector=t.select(t.v).collect()[0]["v"]), asc=False).limit(1).select(t.x).collect()
    assert rows["x"] == ["a river"]


def test_errors_of_computing_can_be_kept_or_refused():
    @pxt.udf
    def strict(n: int) -> int:
        return 10 // n

    t = pxt.create_table("t", {"n": pxt.Int})
    t.add_computed_column(x=strict(t.n))
    with pytest.raises(pxt.RequestError, match="ZeroDivisionError"):
        t.insert([{"n": 1}, {"n": 0}])
    assert t.count() == 0
    status = t.insert([{"n": 5}, {"n": 0}, {"n": 0}], on_error="ignore")
    assert (status.num_excs, status.cols_with_excs) == (2, ["t.x"])
    assert t.select(t.x).collect()["x"] == [2, None, None]


def test_a_key_that_is_there_is_refused_in_pixeltables_words():
    t = pxt.create_table("t", {"id": pxt.Int, "a": pxt.String}, primary_key="id")
    t.insert([{"id": 1, "a": "x"}])
    for rows, key in (([{"id": 5, "a": "z"}, {"id": 1, "a": "y"}], 1), ([{"id": 2, "a": "y"}, {"id": 2, "a": "z"}], 2)):
        with pytest.raises(pxt.RequestError) as raised:
            t.insert(rows)
        assert str(raised.value) == f"Duplicate primary key value: Key (id)=({key}) already exists."
        assert raised.value.error_code == pxt.ErrorCode.CONSTRAINT_VIOLATION
    assert t.count() == 1


def test_many_rows_change_in_one_commit(db):
    t = pxt.create_table("t", {"id": pxt.Int, "n": pxt.Int, "a": pxt.String}, primary_key="id")
    t.add_computed_column(twice=t.n * 2)
    t.insert([{"id": i, "n": i, "a": "x"} for i in range(1500)])
    commits = db.table("t").where("version > ?", 0).with_meta()

    def versions():
        return len(set(commits.collect()["version"]))

    assert t.update({"n": t.n + 1}).num_rows == 1500
    assert versions() == 1
    assert t.batch_update([{"id": i, "n": -i, "a": f"a{i}"} for i in range(1500)]).num_rows == 1500
    assert versions() == 1
    assert t.where(t.id == 7).select(t.n, t.a, t.twice).collect()[0] == {"n": -7, "a": "a7", "twice": -14}
    t.add_computed_column(loud=t.a.upper())
    assert versions() == 1
    assert t.batch_update([{"id": 1, "n": 5}, {"id": 2, "a": "b"}, {"id": 2, "n": 6}]).num_rows == 3
    assert t.where(t.id <= 2).order_by(t.id).select(t.twice, t.loud).collect()["loud"] == ["A0", "A1", "B"]
    assert t.where(t.id <= 2).order_by(t.id).select(t.twice).collect()["twice"] == [0, 10, 12]


def test_a_batch_with_a_row_that_does_not_fit_changes_nothing(db):
    t = pxt.create_table("t", {"id": pxt.Int, "n": pxt.Int, "a": pxt.String | None}, primary_key="id")
    t.add_computed_column(half=100 // t.n)
    t.insert([{"id": 1, "n": 1}, {"id": 2, "n": 2}])
    for row in ({"id": 3}, {"id": 3, "n": "x"}, {"id": 3, "n": 0}, {"id": "x", "n": 1}):
        with pytest.raises(pxt.Error):
            t.batch_update([{"id": 1, "n": 10}, row], if_not_exists="insert")
    assert t.order_by(t.id).collect()["n"] == [1, 2]
    status = t.batch_update([{"id": 1, "n": 10}, {"id": 3, "n": 30}, {"id": 4, "n": 40}], if_not_exists="insert")
    assert (status.row_count_stats.upd_rows, status.row_count_stats.ins_rows) == (1, 2)
    assert t.order_by(t.id).collect()["half"] == [10, 50, 3, 2]
    rows = db.table("t").query().with_meta().order_by("id").collect()
    assert rows[2]["version"] == rows[3]["version"] == rows[0]["version"] + 1
    with pytest.raises(pxt.RequestError, match=r"Key \(id\)=\(5\)"):
        t.batch_update([{"id": 1, "n": 11}, {"id": 5, "n": 5}, {"id": 5, "n": 6}], if_not_exists="insert")
    assert t.where(t.id == 1).collect()["n"] == [10]


def test_columns_may_have_names_that_akidb_uses_itself():
    schema = {
        "row_id": pxt.Int,
        "version": pxt.String,
        "computed": pxt.Json | None,
        "similarity_score": pxt.Float | None,
    }
    t = pxt.create_table("t", schema, primary_key="version")
    t.insert([{"row_id": 1, "version": "a", "computed": {"x": 1}}, {"row_id": 2, "version": "b"}])
    assert t.columns() == list(schema)
    assert t.where(t.row_id == 2).select(t.version).collect()["version"] == ["b"]
    assert t.where(t.computed.x == 1).order_by(t.row_id).select(t.row_id).collect()["row_id"] == [1]
    assert t.select(n=pxtf.sum(t.row_id)).collect()["n"] == [3]
    assert t.update({"row_id": t.row_id + 10}).num_rows == 2
    assert t.update({"similarity_score": 0.5}, where=t.version == "a").num_rows == 1
    assert t.batch_update([{"version": "a", "row_id": 5}]).num_rows == 1
    assert t.order_by(t.row_id).collect()["row_id"] == [5, 12]
    t.add_embedding_index("version", string_embed=pxtf.sentence_transformer.using(model_id="all-MiniLM-L6-v2"))
    assert len(t.order_by(t.version.similarity(string="b"), asc=False).limit(1).collect()) == 1
    t.add_column(changed_at=pxt.Timestamp | None)
    t.rename_column("changed_at", "rowid")
    t.drop_column("rowid")
    assert t.delete(where=t.row_id == 5).num_rows == 1
    with pytest.raises(pxt.RequestError, match=r"Key \(version\)=\(b\)"):
        t.insert([{"row_id": 1, "version": "b"}])


def test_results_become_objects_and_tables_in_notebooks():
    import pydantic

    class Film(pydantic.BaseModel):
        title: str
        year: int

    t = pxt.create_table("t", {"title": pxt.String, "year": pxt.Int})
    t.insert([Film(title="<b>", year=1999)])
    assert list(t.collect().to_pydantic(Film)) == [Film(title="<b>", year=1999)]
    assert "&lt;b&gt;" in t.collect()._repr_html_()
    assert "title" in t._repr_html_()
    assert "table 't'" in repr(t)


def test_several_objects_of_a_table_see_each_others_changes(db):
    t = pxt.create_table("t", {"a": pxt.String})
    other = pxt.get_table("t")
    other.add_computed_column(loud=other.a.upper())
    t.insert([{"a": "x"}])
    assert t.select(t.loud).collect()["loud"] == ["X"]
    t.rename_column("loud", "big")
    other.update({"a": "y"})
    assert other.select(other.big).collect()["big"] == ["Y"]
    db.drop_table("t")
    assert pxt.list_tables() == []


#: The public functions of pixeltable 0.7.21 by module.
FUNCTIONS = {
    "string": "capitalize casefold center contains contains_re count endswith fill find findall format fullmatch index isalnum "
    "isalpha isascii isdecimal isdigit isidentifier islower isnumeric isspace istitle isupper join len ljust lower lstrip "
    "match normalize pad partition removeprefix removesuffix repeat replace replace_re reverse rfind rindex rjust rpartition "
    "rsplit rstrip slice slice_replace split splitlines startswith strip swapcase title upper wrap zfill",
    "json": "concat contains count dumps flatten get is_empty items keys len make_list max mean merge min sum values",
    "math": "abs bitwise_and bitwise_or bitwise_xor ceil exp floor log log10 pow round sqrt to_float to_int",
    "timestamp": "astimezone date day hour isocalendar isoformat isoweekday make_timestamp microsecond minute month "
    "posix_timestamp replace second strftime strip_timezone toordinal weekday year",
    "date": "add_days day isocalendar isoformat isoweekday make_date month replace strftime toordinal weekday year",
    "uuid": "hex to_string uuid4 uuid7",
}


def test_functions_are_those_of_pixeltable_and_found_again_by_what_tables_keep_of_them():
    from akidb_client.pixeltable._exprs import function_of

    for module, names in FUNCTIONS.items():
        assert set(names.split()) <= set(dir(getattr(pxtf, module))), module
    for name in pxt.list_functions():
        known = pxtf.KNOWN[name]
        found = function_of(known.using(model_id="x").reference() if known in (pxtf.embeddings, pxtf.sentence_transformer)
                            else known.reference())  # fmt: skip
        assert (found.name, found.function) == (known.name, known.function) or found.model == "x"


def test_every_row_gets_an_identifier_of_its_own():
    t = pxt.create_table("t", {"n": pxt.Int})
    t.add_computed_column(u=pxtf.uuid.uuid7())
    t.insert([{"n": n} for n in range(3)])
    found = t.order_by(t.n).collect()["u"]
    assert len(set(found)) == 3
    assert {one.version for one in found} == {7}


def test_retrieval_functions():
    t = pxt.create_table("t", {"a": pxt.String, "n": pxt.Int})
    t.insert([{"a": "x", "n": 1}, {"a": "y", "n": 2}])
    lookup = pxt.retrieval_udf(t, name="lookup", parameters=["a"])
    q = pxt.create_table("q", {"wanted": pxt.String})
    q.insert([{"wanted": "y"}])
    assert q.select(found=lookup(a=q.wanted)).collect()["found"] == [[{"a": "y", "n": 2}]]


def test_install_refuses_beside_the_real_one(monkeypatch):
    import types

    monkeypatch.setitem(sys.modules, "pixeltable", types.ModuleType("pixeltable"))
    with pytest.raises(pxt.Error, match="imported already"):
        pxt.install()
