import datetime
import json

import httpx
import numpy
import pandas
import polars
import pyarrow
import pytest

from akidb_client import AkiDB, InvalidRequestError, InvalidValueError

INSTANT = datetime.datetime(2026, 3, 1, 9, 30, 0, 250000, tzinfo=datetime.timezone.utc)
COLUMNS = {
    "s": "string", "n": "int", "f": "float", "b": "bool", "t": "timestamp", "v": {"type": "embedding", "dimensions": 3},
}  # fmt: skip
ROWS = [
    {"s": "a", "n": 2**53 + 1, "f": 0.1, "b": True, "t": INSTANT, "v": [1.0, 2.0, 3.0]},
    {"s": None, "n": None, "f": None, "b": None, "t": None, "v": None},
]


@pytest.fixture
def table(db):
    return db.create_table("t", COLUMNS)


def check(table):
    first, second = table.query().with_vectors().order_by("row_id").collect()
    instant = datetime.datetime.fromisoformat(first.pop("t").replace("Z", "000+00:00"))
    assert {**first, "t": instant} == {**ROWS[0], "row_id": first["row_id"]}
    assert {name: value for name, value in second.items() if name != "row_id"} == dict.fromkeys(COLUMNS)


def test_inserts_a_frame_of_pandas_with_missing_values(table):
    frame = pandas.DataFrame(
        {
            "s": ["a", None],
            "n": pandas.array([2**53 + 1, None], dtype="Int64"),
            "f": [0.1, numpy.nan],
            "b": pandas.array([True, None], dtype="boolean"),
            "t": pandas.to_datetime(["2026-03-01T09:30:00.25Z", None]),
            "v": [numpy.array([1, 2, 3], dtype="float32"), None],
        }
    )
    assert table.insert(frame).inserted == 2
    check(table)


def test_inserts_a_frame_of_polars(table):
    frame = polars.DataFrame(ROWS, schema_overrides={"v": polars.Array(polars.Float32, 3)})
    assert table.insert(frame).inserted == 2
    assert table.insert(frame.lazy()).inserted == 2
    table.delete("row_id > 2")
    check(table)


def test_inserts_arrow_tables_batches_and_streams(table):
    data = pyarrow.Table.from_pylist(ROWS)
    for form in (data, data.to_batches()[0], data.to_reader()):
        assert table.insert(form).inserted == 2
        check(table)
        table.delete([])


@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_times_without_a_zone_are_utc_and_others_are_converted(db, zone):
    table = db.create_table("t", {"t": "timestamp"})
    times = pandas.Series(pandas.to_datetime(["2026-03-01 09:30:00.000001"])).dt.tz_localize(zone)
    wanted = "2026-03-01T09:30:00.000001Z" if zone is None else "2026-03-01T08:30:00.000001Z"
    frame = pandas.DataFrame({"t": times})
    for form in (frame, polars.from_pandas(frame), pyarrow.Table.from_pandas(frame)):
        table.insert(form)
        assert table.select("t").collect() == [{"t": wanted}]
        table.delete([])


def test_results_are_typed_as_the_columns_are(table):
    table.insert(ROWS)
    frame = table.query().with_vectors().to_pandas()
    assert str(frame.dtypes["n"]) == "Int64"
    assert str(frame.dtypes["b"]) == "boolean"
    assert str(frame.dtypes["t"]) == "datetime64[us, UTC]"
    assert frame["n"][0] == 2**53 + 1
    assert list(frame["v"][0]) == [1, 2, 3]
    arrow = table.query().with_vectors().to_arrow()
    assert arrow.schema.field("v").type == pyarrow.list_(pyarrow.float32(), 3)
    assert arrow.drop_columns(["row_id"]).to_pylist() == ROWS
    of_polars = table.query().with_vectors().to_polars()
    assert of_polars.schema["v"] == polars.Array(polars.Float32, 3)
    assert of_polars.drop("row_id").to_dicts() == ROWS


@pytest.mark.parametrize("dimensions", [1, 3, 4, 5])
@pytest.mark.parametrize("more", [{}, {"j": {"a": 1}}])
def test_vectors_of_any_length_become_columns_of_float32(db, dimensions, more):
    columns = {"n": "int", "v": {"type": "embedding", "dimensions": dimensions}, **({"j": "json"} if more else {})}
    table = db.create_table("t", columns)
    vectors = [[row + place / 8 for place in range(dimensions)] if row % 3 else None for row in range(10)]
    table.insert([{"n": row, "v": vector, **more} for row, vector in enumerate(vectors)])
    for where, wanted in (
        (None, vectors),
        ("n in (1, 2, 4)", [vectors[n] for n in (1, 2, 4)]),
        ("n in (0, 3)", [None] * 2),
    ):
        query = table.where(where).with_vectors().order_by("n")
        assert query.collect()["v"] == wanted
        arrow = query.to_arrow()
        assert arrow.schema.field("v").type == pyarrow.list_(pyarrow.float32(), dimensions)
        assert arrow["v"].to_pylist() == wanted
        of_polars = query.to_polars()
        assert of_polars.schema["v"] == polars.Array(polars.Float32, dimensions)
        assert of_polars["v"].to_list() == wanted
        assert [None if v is None else list(v) for v in query.to_pandas()["v"]] == wanted
        assert [None if v is None else list(v) for v in query.select("v", a="n + 1").to_pandas()["v"]] == wanted
    assert table.where("n = 100").with_vectors().to_arrow().num_rows == 0
    ranked = table.query().with_vectors().similar([1.0] * dimensions, "v").limit(3)
    assert ranked.to_arrow()["v"].to_pylist() == ranked.collect()["v"] == ranked.to_polars()["v"].to_list()


def test_vectors_go_as_base64_and_lists_of_json_columns_as_they_are(url, db):
    db.create_table("t", {"v": {"type": "embedding", "dimensions": 2}, "j": "json"})
    sent = []

    class Spy(httpx.HTTPTransport):
        def handle_request(self, request):
            sent.append(json.loads(request.content or b"null"))
            return super().handle_request(request)

    floats = numpy.array([[0.1, 0.2], [1, 2]], dtype="float32")
    row = [{"v": vector, "j": [0.5, 0.25]} for vector in floats]
    fixed = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(floats.ravel()), 2)
    of_arrow = pyarrow.table({"v": fixed, "j": pyarrow.array([[0.5, 0.25]] * 2)})
    forms = (row, [{**one, "v": one["v"].tolist()} for one in row], pandas.DataFrame(row), of_arrow)
    with AkiDB(url, http=httpx.Client(transport=Spy())) as client:
        table = client.table("t")
        for form in (*forms, polars.from_arrow(of_arrow)):
            table.insert(form)
            assert sent[-1]["rows"][1] == {"v": "AACAPwAAAEA=", "j": [0.5, 0.25]}
            assert table.select("v", "j").with_vectors().collect() == [
                {"v": vector, "j": [0.5, 0.25]} for vector in floats.tolist()
            ]
            table.delete([])
    with pytest.raises(InvalidValueError) as raised:
        db.table("t").insert([{"v": [0.0, 1.0]}, {"v": [0.0, float("nan")]}])
    assert raised.value.field == "rows[1].v[1]"
    with pytest.raises(InvalidRequestError) as refused:
        db.table("t").insert([{"v": [0.0, 1.0]}, {"v": [0.0, "x"]}])
    assert refused.value.field.startswith("rows[1].v")
    assert db.table("t").count() == 0


def test_empty_results_have_the_columns_and_types(table):
    for frame in (table.query().to_pandas(), table.query().to_polars(), table.query().to_arrow().to_pandas()):
        assert list(frame.columns) == ["row_id", "s", "n", "f", "b", "t"]
    assert str(table.query().to_pandas().dtypes["f"]) == "float64"
    assert table.query().to_polars().schema["t"] == polars.Datetime("us", "UTC")


def test_json_columns_and_expressions(db):
    table = db.create_table("t", {"j": "json", "n": "int"})
    table.insert([{"j": {"a": [1, "x"]}, "n": 1}, {"j": "text", "n": None}, {"j": None, "n": 3}])
    assert table.select("j").to_pandas()["j"].tolist()[:2] == [{"a": [1, "x"]}, "text"]
    assert str(table.query().to_pandas().dtypes["n"]) == "Int64"
    assert table.select("j").to_polars()["j"].to_list() == [
        '{"a": ["x", 1]}'.replace('"x", 1', '1, "x"'),
        '"text"',
        None,
    ]
    assert table.select("j").to_arrow()["j"].to_pylist()[0] == '{"a": [1, "x"]}'
    assert table.select("j.a").to_pandas()["j.a"].tolist()[0] == [1, "x"]
    assert table.select(double="n * 2").to_pandas()["double"].tolist()[0] == 2
    assert table.select(double="n * 2").to_polars()["double"].to_list() == [2, None, 6]


def test_rows_and_hits_become_frames(db, notes):
    rows = notes.query().collect()
    assert list(rows.to_pandas()["year"]) == rows.to_polars()["year"].to_list() == rows.to_arrow()["year"].to_pylist()
    hits = notes.search("ford")
    assert list(hits.to_pandas().columns) == ["row_id", "note", "year", "similarity_score"]
    assert rows[1:3].to_dicts()[0]["year"] == 2024


async def test_the_client_that_awaits_gives_frames(adb, table):
    table.insert(ROWS)
    assert (await adb.table("t").query().to_polars()).height == 2
    assert len(await adb.table("t").query().to_pandas()) == 2


def test_says_which_cell_of_a_frame_cannot_be_written(table):
    frame = pandas.DataFrame({"f": [1.0, float("inf")]})
    for form in (frame, polars.from_pandas(frame), pyarrow.Table.from_pandas(frame)):
        with pytest.raises(InvalidValueError) as raised:
            table.insert(form)
        assert raised.value.field == "rows[1].f"


def test_a_frame_goes_there_and_back(db):
    frame = pandas.DataFrame({"s": [f"text {i}" for i in range(2500)], "n": range(2500), "f": numpy.arange(2500) / 7})
    table = db.create_table("t", {"s": "string", "n": "int", "f": "float"})
    assert table.insert(frame).inserted == 2500
    back = table.select("s", "n", "f").to_pandas()
    pandas.testing.assert_frame_equal(back, frame)


def test_missing_values_and_times_of_pandas_and_numpy_stand_in_plain_rows_too(db):
    table = db.create_table("plain", {"n": "int", "f": "float", "t": "timestamp", "j": "json"})
    table.insert(
        [
            {"n": pandas.NA, "t": pandas.NaT, "j": [pandas.NA, numpy.datetime64("2024-01-01", "ns")]},
            {"n": numpy.int64(7), "t": numpy.datetime64("2024-01-01T10:00:00.5", "ns"), "f": numpy.float32(0.5)},
            {"t": numpy.datetime64("NaT")},
        ]
    )
    first, second, third = table.query().order_by("row_id").collect()
    assert (first["n"], first["t"], first["j"]) == (None, None, [None, "2024-01-01T00:00:00Z"])
    assert (second["n"], second["t"], second["f"]) == (7, "2024-01-01T10:00:00.500Z", 0.5)
    assert third["t"] is None
    with pytest.raises(InvalidValueError, match="duration"):
        table.insert({"j": numpy.timedelta64(1, "s")})


def test_a_text_that_is_no_unicode_is_named(db):
    table = db.create_table("plain", {"s": "string"})
    for rows in ([{"s": "a"}, {"s": "\ud800"}], pandas.DataFrame({"s": pandas.Series(["a", "\ud800"], dtype=object)})):
        with pytest.raises(InvalidValueError) as raised:
            table.insert(rows)
        assert raised.value.field == "rows[1].s"
    with pytest.raises(InvalidValueError, match="surrogates"):
        db.table("\ud800").describe()
    with pytest.raises(TypeError, match="Series"):
        table.insert(pandas.Series([1]))


@pytest.mark.parametrize("kinds", [{}, {"j": "json"}])
def test_frames_have_the_types_of_columns_whatever_the_values_are(db, kinds):
    table = db.create_table("kinds", {"s": "string", "n": "int", "f": "float", "b": "bool", "t": "timestamp", **kinds})
    wanted = {"row_id": "int64", "n": "int64", "f": "float64", "b": "bool", "t": "datetime64[us, UTC]"}
    read = table.query().to_pandas
    assert {name: str(read().dtypes[name]) for name in wanted} == wanted
    table.insert([{"s": "x", "n": 2**53 + 1, "f": 1, "b": True, "t": "2024-01-01T00:00:00Z"}])
    assert {name: str(read().dtypes[name]) for name in wanted} == wanted
    table.insert({})
    frame = read()
    assert {name: str(frame.dtypes[name]) for name in wanted} == {**wanted, "n": "Int64", "b": "boolean"}
    assert frame["n"][0] == 2**53 + 1
    assert frame["n"].isna().tolist() == [False, True]
