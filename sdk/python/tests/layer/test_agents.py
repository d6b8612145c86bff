"""Memories and tools of agents that others wrote on Pixeltable, unchanged, over `install()`."""

import datetime
import uuid

import pytest

import akidb_client.pixeltable as pxt

pytest.importorskip("pydantic_ai_harness")
pytest.importorskip("strands.memory")
pxt.uninstall()
pxt.install()

from pixeltable.functions.huggingface import sentence_transformer  # noqa: E402
from pydantic_ai.exceptions import ModelRetry  # noqa: E402
from pydantic_ai_harness.memory import MemoryConflictError, MemoryOperation, MemoryOperationConflictError  # noqa: E402
from pydantic_ai_pixeltable.store import PixeltableMemoryStore as Files  # noqa: E402
from pydantic_ai_pixeltable.toolset import PixeltableToolset  # noqa: E402
from strands_pixeltable import PixeltableMemoryStore as Notes  # noqa: E402
from strands_pixeltable import pixeltable_tools  # noqa: E402


@pytest.fixture(autouse=True)
def connected(db):
    pxt.install()  # other tests take it back, and some of these programs import at their first call
    pxt.connect(db)


async def test_pydantic_ai_keeps_files_and_changes_them_only_as_they_were_read():
    files = Files("harness.memory")
    first = await files.write("notes/ford.md", "The ford is knee deep", expected_version=None)
    assert (first.existed, first.replayed) == (False, False)
    assert (await files.read("notes/ford.md", max_chars=8)).content == "The ford"
    with pytest.raises(MemoryConflictError):
        await files.write("notes/ford.md", "x", expected_version=None)
    once = MemoryOperation(id="op", fingerprint="f")
    second = await files.write("notes/ford.md", "The ford is dry", expected_version=first.version, operation=once)
    again = await files.write("notes/ford.md", "The ford is dry", expected_version=first.version, operation=once)
    assert (again.version, again.replayed) == (second.version, True)
    assert (await files.get_operation(once)).version == second.version
    with pytest.raises(MemoryOperationConflictError):
        await files.get_operation(MemoryOperation(id="op", fingerprint="other"))
    await files.write("notes/hut.md", "The hut serves soup", expected_version=None)
    await files.write("else/soup.md", "soup at the ford", expected_version=None)
    assert await files.list_paths("notes/", limit=10) == ["notes/ford.md", "notes/hut.md"]
    found = await files.search("", "ford soup", limit=5, max_files=10, max_chars=1000, max_file_chars=100)
    assert found.matches[0].path == "else/soup.md"
    assert (await files.delete("notes/ford.md", expected_version=second.version)).existed
    assert await files.read("notes/ford.md", max_chars=10) is None
    assert await Files("harness.memory").list_paths(limit=10) == ["else/soup.md", "notes/hut.md"]


async def test_strands_remembers_notes_and_messages_and_finds_them_by_meaning():
    notes = Notes("strands.memory", session_id="s1")
    assert await notes.add("The ford is knee deep", {"memory_id": "m1", "tag": {"a": 1}}) == "m1"
    with pytest.raises(ValueError, match="already exists"):
        await notes.add("x", {"memory_id": "m1"})

    def message(number, role, text):
        return {"role": role, "content": [{"text": text}], "tracking_id": f"t{number}"}

    asked = message(1, "user", "Where can I eat?")
    assert await notes.add_messages([asked, message(2, "assistant", "The hut serves soup")]) == ["msg:t1", "msg:t2"]
    assert await notes.add_messages([asked, message(3, "user", "Thanks")]) == ["msg:t3"]
    (best,) = await notes.search("how deep is the water of the ford?", {"max_search_results": 1})
    assert best.content == "The ford is knee deep"
    assert best.metadata["metadata"]["tag"] == {"a": 1}
    assert best.metadata["score"] > 0.5
    assert await notes.search("soup", {"session_id": "other"}) == []
    assert len(await notes.search("soup", {"session_id": ""})) == 4
    assert (await Notes("strands.memory", writable=False).search("soup"))[0].content == "assistant: The hut serves soup"
    assert notes.table.count() == 4


@pytest.fixture
def docs():
    pxt.create_dir("book")
    table = pxt.create_table(
        "book.docs",
        {
            "title": pxt.String, "year": pxt.Int | None, "at": pxt.Timestamp, "day": pxt.Date, "mark": pxt.UUID | None,
            "facts": pxt.Json | None, "open": pxt.Bool, "picture": pxt.Image | None,
            "vector": pxt.Array[(2,), pxt.Float] | None,
        },
        comment="what hikers want to know",
    )  # fmt: skip
    mark = uuid.uuid4()
    at = datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
    table.insert(
        [
            {"title": "Ford below the mill", "year": 2023, "at": at, "day": at.date(), "mark": mark, "facts": {"a": 1},
             "open": True, "picture": "https://example.com/ford.png"},
            {"title": "Soup in the hut", "at": at, "day": at.date() + datetime.timedelta(1), "open": False},
        ]
    )  # fmt: skip
    table.add_embedding_index("title", string_embed=sentence_transformer.using(model_id="all-MiniLM-L6-v2"))
    return mark


@pytest.fixture(params=["pydantic_ai", "strands"])
def tools(request, docs):
    """The four tools for reading, as each package has them."""
    if request.param == "pydantic_ai":
        toolset = PixeltableToolset(tables=["book"], max_rows=10, max_chars=5000)
        return {
            name: getattr(toolset, name)
            for name in ("list_tables", "describe_table", "query_table", "similarity_search")
        }
    return {tool.tool_name: tool for tool in pixeltable_tools(["book"], max_rows=10, max_chars=5000)}


def test_tools_read_tables(tools, docs):
    query = tools["query_table"]

    def titles(**where):
        import json

        condition = where if type(query).__name__ == "method" else json.dumps(where)
        return [row["title"] for row in query(table="book.docs", columns=["title"], where=condition)["rows"]]

    assert tools["list_tables"]() == {"tables": ["book.docs"]}
    described = tools["describe_table"](table="book/docs")
    assert (described["kind"], described["comment"]) == ("table", "what hikers want to know")
    assert {column["name"]: column["type"] for column in described["columns"]}["year"] == "Int | None"
    assert described["indexes"][0]["columns"] == ["title"]
    (ford,) = query(table="book.docs", where={"open": True} if type(query).__name__ == "method" else '{"open": true}')[
        "rows"
    ]
    assert ford["facts"] == {"a": 1}
    assert ford["at"].startswith("2024-01-02T")
    assert titles(year=None) == ["Soup in the hut"]
    assert titles(day="2024-01-02") == titles(mark=str(docs)) == ["Ford below the mill"]
    assert titles(at="2024-01-02T00:00:00+00:00") == ["Ford below the mill", "Soup in the hut"]
    pictures = query(table="book.docs", columns=["title", "picture"])["rows"]
    assert [row["picture"] for row in pictures] == ["https://example.com/ford.png", None]
    (best,) = tools["similarity_search"](table="book.docs", column="title", query="where can I eat?", limit=1)["rows"]
    assert best["title"] == "Soup in the hut"
    assert 0 < best["score"] < 1
    for refused in ({"table": "other"}, {"table": "book.docs", "columns": ["nope"]}):
        with pytest.raises((ModelRetry, ValueError)):
            query(**refused)
