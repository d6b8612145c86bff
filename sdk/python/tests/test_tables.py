import dataclasses
import datetime

import pytest

from akidb_client import (
    Column,
    ConflictError,
    InsertResult,
    InvalidRequestError,
    InvalidValueError,
    NotFoundError,
    PartialInsertError,
    col,
)


def test_makes_describes_changes_and_drops_a_table(db):
    table = db.create_table(
        "layouts",
        {"url": "string", "title": {"type": "string", "required": True}, "stars": int, "facts": dict},
        primary_key="url",
    )
    info = table.describe()
    assert [(column.name, column.type) for column in info.columns] == [
        ("url", "string"), ("title", "string"), ("stars", "int"), ("facts", "json"),
    ]  # fmt: skip
    assert info.primary_key == "url"
    assert info.column("title").required
    table.add_column("likes", "int", default=3)
    table.rename_column("likes", "hearts")
    assert table.describe().column("hearts").default == 3
    table.drop_column("hearts")
    table.rename("plans")
    assert table.name == "plans"
    assert db.has_table("plans")
    assert not db.has_table("layouts")
    table.drop()
    table.drop(missing_ok=True)
    with pytest.raises(NotFoundError) as raised:
        table.drop()
    assert raised.value.code == "NOT_FOUND"
    assert raised.value.request_id


def test_a_table_that_is_there_is_refused_taken_or_replaced(db):
    db.create_table("t", {"a": "string"}).insert({"a": "x"})
    with pytest.raises(ConflictError):
        db.create_table("t", {"a": "string"})
    assert db.create_table("t", {"a": "string"}, if_exists="ignore").count() == 1
    assert db.create_table("t", [Column("b", "int")], if_exists="replace").count() == 0
    with pytest.raises(ValueError, match="if_exists"):
        db.create_table("t", {"a": "string"}, if_exists="maybe")


def test_names_with_slashes_spaces_and_marks_are_just_names(db):
    for name in ["dir/notes", "a b", "naïve – 例", "100%?#&"]:
        table = db.create_table(name, {"key": "string", "a b.c": "int"}, primary_key="key")
        table.insert({"key": "x/y?z", "a b.c": 1})
        assert table.get("x/y?z") == {"key": "x/y?z", "a b.c": 1}
        assert table.delete_row("x/y?z")
        assert not table.delete_row("x/y?z")


def test_reads_changes_and_deletes_rows(db):
    table = db.create_table("t", {"k": "string", "n": "int", "facts": "json"}, primary_key="k")
    rows = [{"k": f"k{i}", "n": i, "facts": {"area": {"name": "north" if i % 2 else "south"}}} for i in range(10)]
    assert table.insert(rows).inserted == 10
    assert table.get("k3") == rows[3]
    assert table.get("nope") is None
    assert table.get("k3", include_meta=True)["version"] > 0
    assert table.count() == 10
    assert table.count("n >= ?", 8) == 2
    assert table.count(col("facts")["area"]["name"] == "north") == 5
    assert table.update({"n": 100}, "n < ?", 3).updated == 3
    assert table.update({"n": 101}, k="k1").updated == 1
    assert table.update_row("k9", {"facts": None}).updated == 1
    assert table.where(facts=None).collect()["k"] == ["k9"]
    with pytest.raises(NotFoundError):
        table.update_row("nope", {"n": 1})
    assert table.delete(col("n").is_in([100, 101])).deleted == 3
    with pytest.raises(TypeError, match="say which rows"):
        table.delete()
    assert table.delete([]).deleted == 7
    assert table.count() == 0


def test_gives_each_row_values_of_its_own_in_one_commit(db):
    table = db.create_table(
        "t", {"k": "string", "n": "int", "v": {"type": "embedding", "dimensions": 2}}, primary_key="k"
    )
    table.insert([{"k": f"k{i}", "n": i, "v": [1, i]} for i in range(5)])
    before = table.get("k0", include_meta=True)["version"]
    told = table.update_rows([{"k": "k1", "n": 10}, {"k": "k2", "v": [0.5, 0.25]}])
    assert (told.updated, told.missing) == (2, 0)
    assert table.get("k2", include_vectors=True) == {"k": "k2", "n": 2, "v": [0.5, 0.25]}
    assert table.where(col("version") == told.version).order_by("k").collect()["k"] == ["k1", "k2"]
    assert table.where("version > ?", before).order_by("changed_at", "desc").order_by("k").collect()["k"] == [
        "k1",
        "k2",
    ]
    with pytest.raises(NotFoundError) as raised:
        table.update_rows([{"k": "k3", "n": 0}, {"k": "nope", "n": 0}])
    assert raised.value.field == "rows[1].k"
    assert table.get("k3")["n"] == 3
    told = table.update_rows([{"k": "k3", "n": 0}, {"k": "nope", "n": 0}], if_missing="ignore")
    assert (told.updated, told.missing) == (1, 1)
    with pytest.raises(InvalidRequestError) as wrong:
        table.update_rows([{"k": "k3", "n": "x"}])
    assert wrong.value.field == "rows[0].n"
    for rows in ([], [{"k": str(i), "n": i} for i in range(10_001)]):
        with pytest.raises(ValueError, match="1 to 10,000"):
            table.update_rows(rows)


async def test_gives_rows_values_of_a_frame_while_it_is_awaited(db, adb):
    pandas = pytest.importorskip("pandas")
    db.create_table("t", {"k": "int", "n": "float"}, primary_key="k").insert([{"k": i} for i in range(3)])
    table = adb.table("t")
    assert (await table.update_rows(pandas.DataFrame({"k": [0, 2], "n": [0.5, 2.5]}))).updated == 2
    assert (await table.query().collect())["n"] == [0.5, None, 2.5]


def test_conditions_combine(db):
    table = db.create_table("t", {"a": "string", "n": "int", "f": "float", "b": "bool"})
    table.insert([{"a": "x", "n": 1, "f": 1.5, "b": True}, {"a": "xy", "n": 2, "b": False}, {"a": None, "n": 3}])

    def found(*conditions, **equal):
        return table.where(*conditions, **equal).collect()["n"]

    assert found((col("n") > 1) & (col("a") == "xy")) == [2]
    assert found((col("n") == 1) | col("a").is_null()) == [1, 3]
    assert found(~(col("n") == 1)) == [2, 3]
    assert found(col("n").between(2, 3)) == [2, 3]
    assert found(col("a").like("x%")) == [1, 2]
    assert found(col("n").not_in([1, 2])) == [3]
    assert found(col("a") == None) == [3]  # noqa: E711
    assert found(col("a") != None) == [1, 2]  # noqa: E711
    assert found(b=True) == [1]
    assert found("n = ? or a is null", 1) == [1, 3]
    assert found([{"column": "n", "operator": ">", "value": 1}, col("n") < 3]) == [2]
    assert table.where("n > ?", 1).where(col("n") < 3).where(a="xy").collect()["n"] == [2]
    assert found([]) == [1, 2, 3]
    assert (col("n") == 1) is not None
    with pytest.raises(TypeError, match="&"):
        bool(col("n") == 1)
    with pytest.raises(TypeError, match="made by col"):
        table.where(7)
    with pytest.raises(TypeError, match="params"):
        table.where(col("n") == 1, 2)


def test_conditions_look_into_arrays(db):
    table = db.create_table("t", {"n": "int", "facts": "json"})
    table.insert([{"n": 1, "facts": {"tags": ["lake", "steep"]}}, {"n": 2, "facts": {"tags": ["lake"]}}, {"n": 3}])
    tags = col("facts")["tags"]
    try:
        assert table.where(tags.contains("lake")).collect()["n"] == [1, 2]
    except InvalidRequestError as error:
        if "must be one of" in error.detail or error.field == "where.operator":
            pytest.skip("the server does not know this operator yet")
        raise
    assert table.where(tags.contains_all(["lake", "steep"])).collect()["n"] == [1]
    assert table.where(tags.contains_any(["steep", "x"])).collect()["n"] == [1]


def test_selects_orders_limits_groups_and_computes(db):
    table = db.create_table("t", {"a": "string", "n": "int", "facts": "json"})
    table.insert([{"a": "x" if i % 3 else "y", "n": i, "facts": {"d": i}} for i in range(9)])
    query = table.select("a", "n").order_by("n", "desc")
    assert query.limit(2).collect() == [{"a": "x", "n": 8}, {"a": "x", "n": 7}]
    assert query.limit(2).offset(1).collect()["n"] == [7, 6]
    assert query.first() == {"a": "x", "n": 8}
    assert table.where(n=99).first() is None
    assert table.select("n", double="n * 2").where(n=4).collect() == [{"n": 4, "double": 8}]
    assert table.select("facts.d").where(n=4).collect() == [{"facts.d": 4}]
    assert sorted(table.select("a").distinct().collect()["a"]) == ["x", "y"]
    assert sorted(map(tuple, (row.values() for row in table.query().group_by("a")))) == [("x", 6), ("y", 3)]
    assert table.query().explain()
    assert [len(page) for page in table.query().pages(4)] == [4, 4, 1]
    assert [len(page) for page in table.query().limit(6).pages(4)] == [4, 2]
    assert [row["n"] for row in table.select("n").rows()] == list(range(9))
    assert "version" in table.query().with_meta().first()
    with pytest.raises(ValueError, match="direction"):
        table.query().order_by("n", "down")
    with pytest.raises(InvalidRequestError) as raised:
        table.where(col("nope") == 1).collect()
    assert raised.value.code == "UNKNOWN_COLUMN"


def test_a_loop_over_rows_may_be_left_and_the_client_used_on(db):
    table = db.create_table("t", {"n": "int"})
    table.insert([{"n": i} for i in range(20_000)], batch_rows=10_000)
    for number, row in enumerate(table.query().rows()):
        assert row["n"] == number
        if number == 5:
            break
    assert table.count() == 20_000


@dataclasses.dataclass
class Note:
    a: str
    n: int


def test_inserts_what_rows_may_be(db):
    table = db.create_table("t", {"a": "string", "n": "int", "t": "timestamp", "j": "json"})
    table.insert(a_row := {"a": "dict", "n": 1})
    assert a_row == {"a": "dict", "n": 1}
    table.insert(Note("one", 2))
    table.insert([Note("two", 3), {"a": "mixed"}])
    table.insert({"a": str(i)} for i in range(3))
    table.insert({"a": "date", "j": {"day": datetime.date(2026, 3, 1)}, "t": datetime.datetime(2026, 3, 1, 9, 30)})
    berlin = datetime.timezone(datetime.timedelta(hours=1))
    table.insert({"a": "zone", "t": datetime.datetime(2026, 3, 1, 9, 30, tzinfo=berlin)})
    assert table.where(a="date").first()["t"] == "2026-03-01T09:30:00Z"
    assert table.where(a="date").first()["j"] == {"day": "2026-03-01"}
    assert table.where(a="zone").first()["t"] == "2026-03-01T08:30:00Z"
    assert table.insert([]) == InsertResult()
    for bad in ("text", 7, [7]):
        with pytest.raises(TypeError):
            table.insert(bad)
    with pytest.raises(InvalidValueError) as raised:
        table.insert([{"a": "x"}, {"a": "x", "j": {"deep": [1.0, float("nan")]}}])
    assert raised.value.field == "rows[1].j.deep[1]"
    with pytest.raises(ValueError, match="batch_rows"):
        table.insert({"a": "x"}, batch_rows=0)


def test_one_request_is_all_or_nothing_and_errors_count_rows_from_the_first(db):
    table = db.create_table("t", {"k": "int", "n": "int"}, primary_key="k")
    rows = [{"k": i, "n": i} for i in range(25)]
    rows[23]["n"] = "bad"
    with pytest.raises(PartialInsertError) as raised:
        table.insert(rows, batch_rows=10)
    assert raised.value.inserted == 20
    assert raised.value.in_doubt == 0
    assert raised.value.cause.field == "rows[23].n"
    assert table.count() == 20
    with pytest.raises(InvalidRequestError) as refused:
        table.insert(rows[20:])
    assert refused.value.field == "rows[3].n"
    with pytest.raises(ConflictError):
        table.insert(rows[:1])
    assert table.insert(rows[:2], on_conflict="ignore").ignored == 2
    assert table.insert([{"k": 0, "n": 9}], on_conflict="replace").updated == 1
    assert table.get(0) == {"k": 0, "n": 9}


def test_what_json_does_not_have_stops_an_insert_where_it_stands(db):
    table = db.create_table("t", {"n": "float", "j": "json"})
    rows = [{"n": float(i)} for i in range(25)]
    rows[23] = {"n": 1.0, "j": float("inf")}
    with pytest.raises(PartialInsertError) as raised:
        table.insert(rows, batch_rows=10)
    assert (raised.value.inserted, raised.value.in_doubt) == (20, 0)
    assert isinstance(raised.value.cause, InvalidValueError)
    assert table.count() == 20


def test_rows_that_are_long_are_split_into_requests_that_the_server_takes(db):
    table = db.create_table("t", {"a": "string"})
    assert table.insert([{"a": "x" * 900_000} for _ in range(30)]).inserted == 30


def test_progress_tells_what_is_done_and_what_there_is(db):
    told = []
    table = db.create_table("t", {"n": "int"})
    table.insert([{"n": i} for i in range(25)], batch_rows=10, progress=lambda done, total: told.append((done, total)))
    assert told == [(10, 25), (20, 25), (25, 25)]


def test_bars_are_tqdms(db, capsys):
    table = db.create_table("t", {"a": "string"})
    table.insert([{"a": str(i)} for i in range(25)], batch_rows=10, progress=True)
    table.add_embedding("v", "a").wait(progress=True)
    told = capsys.readouterr().err
    assert "insert into t" in told
    assert "fill v" in told


def test_files_of_rows(db, tmp_path):
    table = db.create_table("t", {"title": "string", "n": "int", "facts": "json", "open": "bool"})
    csv = tmp_path / "rows.csv"
    csv.write_text('title,n,facts,open\n"Shop, front",8,"{""a"": 1}",true\n,,,\n')
    assert table.insert_file(csv).inserted == 2
    assert table.where(n=8).first() == {
        "row_id": 1, "title": "Shop, front", "n": 8, "facts": {"a": 1}, "open": True,
    }  # fmt: skip
    ndjson = tmp_path / "rows.ndjson"
    ndjson.write_text('{"title": "a"}\n\n{"title": "b"}\n')
    assert table.insert_file(ndjson).inserted == 2
    csv.write_text("title,n\nx,eight\n")
    with pytest.raises(InvalidValueError, match="line 2: n must be of the type int"):
        table.insert_file(csv)
    with pytest.raises(ValueError, match="say format"):
        table.insert_file(tmp_path / "rows.xls")


def test_runs_sql(db):
    db.create_table("t", {"a": "string", "n": "int"}).insert([{"a": "x", "n": 1}, {"a": "x", "n": 2}])
    assert db.sql("select a, sum(n) as total from t where n > ? group by a", [0]) == [{"a": "x", "total": 3}]
    with pytest.raises(InvalidRequestError, match="plain select"):
        db.sql("delete from t")


def test_lists_tables_and_shows_them_in_notebooks(db):
    table = db.create_table("t", {"a <b>": "string"})
    table.insert({"a <b>": "<script>"})
    assert [info.name for info in db.tables()] == ["t"]
    assert "a &lt;b&gt;" in table.describe()._repr_html_()
    shown = table.query().collect()._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert "a <b>" in repr(table.query().collect())


def test_indexes_are_made_watched_and_dropped(db):
    table = db.create_table("t", {"a": "string", "n": "int", "v": {"type": "embedding", "dimensions": 3}})
    table.insert([{"a": "word", "n": 1, "v": [1, 2, 3]}])
    index = table.create_index("n")
    assert index.wait().status == "ready"
    assert table.create_text_index("a").wait().type == "text"
    vector = table.create_vector_index("v", parameters={"m": 8})
    assert vector.wait().parameters["m"] == 8
    vector.rebuild()
    assert len(table.indexes()) == 3
    vector.drop()
    assert len(table.indexes()) == 2


async def test_the_client_that_awaits_does_the_same(adb):
    table = await adb.create_table("t", {"k": "int", "a": "string"}, primary_key="k")

    async def rows():
        for i in range(25):
            yield {"k": i, "a": f"a{i}"}

    assert (await table.insert(rows(), batch_rows=10)).inserted == 25
    assert await table.count(col("k") < 5) == 5
    assert [row["k"] async for row in table.where("k < ?", 3).rows()] == [0, 1, 2]
    assert [len(page) async for page in table.query().pages(10)] == [10, 10, 5]
    assert await table.get(7) == {"k": 7, "a": "a7"}
    assert (await table.update({"a": "z"}, k=7)).updated == 1
    assert (await table.delete([])).deleted == 25
    computed = await table.add_embedding("v", "a")
    assert (await computed.wait()).status == "ready"
    await table.drop()


def test_an_insert_that_its_own_rows_end_says_how_many_are_there(db):
    table = db.create_table("t", {"n": "int"})
    with pytest.raises(ZeroDivisionError) as raised:
        table.insert(({"n": 1 // (25 - n)} for n in range(50)), batch_rows=10)
    assert table.count() == 20
    assert getattr(raised.value, "__notes__", ["20 rows are inserted, whole requests each"]) == [
        "20 rows are inserted, whole requests each"
    ]
