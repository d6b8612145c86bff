# Written by generate_sync.py from ../_async/_table.py; change that.
"""Tables: their rows, columns, computed columns and indexes, queries and searches."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._files import file_batches
from .._frames import (
    MOST_ROWS,
    Inserting,
    bodies,
    body_of,
    count_of,
    has_vectors,
    is_frame,
    one_batch,
    row_batches,
    with_encoded,
)
from .._progress import Bar, Progress
from .._query import QuerySpec, Question, Selected, changed_rows, search_body, sought
from .._vectors import EmbeddingColumns, QueryVectors, read_vectors
from .._wire import NDJSON, Request, ask, change, encode, get, given, parameters, table_path, write
from ..errors import (
    AkiDBError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
    TimeoutError,
)
from ..filters import Field, Where
from ..models import (
    Column,
    ColumnType,
    ComputedInfo,
    DeleteResult,
    IfMissing,
    IndexInfo,
    InsertResult,
    Metric,
    OnConflict,
    TableInfo,
    UpdateResult,
    VectorMap,
    computed_info,
    delete_result,
    index_info,
    insert_result,
    table_info,
    update_result,
    vector_map,
)
from ..results import Explanation, Frames, Rows, SearchResults, search_results
from ._transport import Transport

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

#: First and longest pause between two looks at long work, in seconds.
FIRST_LOOK, LAST_LOOK = 0.02, 1.0


def _read_vectors(transport: Transport, columns: EmbeddingColumns, table: str, rows: list[dict[str, Any]]) -> None:
    """Makes lists of numbers of the vectors in rows, which came as base64."""
    if not rows:
        return
    embeds = columns.find(table, rows)
    if embeds is None:
        embeds = columns.learn(table, transport.json(get(table_path(table))), rows)
    read_vectors(rows, embeds)


class Query:
    """A query of a table's rows; nothing is asked before one of its last methods (`collect`, `first`, `rows`, `count`, ...).

    Queries are immutable: each method gives a new one.
    """

    def __init__(self, transport: Transport, columns: EmbeddingColumns, name: str, spec: QuerySpec) -> None:
        self._transport = transport
        self._columns = columns
        self._name = name
        self._spec = spec

    def _with(self, spec: QuerySpec) -> Query:
        return Query(self._transport, self._columns, self._name, spec)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._name!r}, {self._spec.body()!r})"

    def select(self, *columns: Selected, **computed: str) -> Query:
        """Which columns, places in json columns (`facts.area`), or expressions (`double="quality * 2"`) rows show.

        Without it rows show all columns but embeddings.
        """
        return self._with(self._spec.selecting(columns, computed))

    def where(self, condition: Where = None, *params: Any, **equal: Any) -> Query:
        """Which rows: `where(col("quality") >= 8)`, `where("quality >= ?", 8)` or `where(language="Go")`; repeats are ANDed."""
        return self._with(self._spec.filtered(condition, params, equal))

    def order_by(self, column: str | Field, direction: str = "asc") -> Query:
        """In which order, `asc` or `desc`; up to 16 columns. `similarity_score` too where there is a similarity."""
        return self._with(self._spec.ordered(column, direction))

    def limit(self, count: int) -> Query:
        """At most so many rows."""
        return self._with(replace(self._spec, limit=count))

    def offset(self, count: int) -> Query:
        """Passes over so many rows."""
        return self._with(replace(self._spec, offset=count))

    def distinct(self) -> Query:
        """Each combination of the selected values once."""
        return self._with(replace(self._spec, distinct=True))

    def similar(self, query: Question, column: str, *, threshold: float | None = None, **further: Any) -> Query:
        """Ranks rows by their similarity to a text or vector, best first; rows show it as `similarity_score`.

        The limit is then 1 to 1,000, 10 by default.
        """
        wanted = given(**sought(query), column=column, threshold=threshold, **further)
        return self._with(replace(self._spec, similarity=wanted))

    def with_vectors(self) -> Query:
        """Shows embedding columns too."""
        return self._with(replace(self._spec, include_vectors=True))

    def with_meta(self) -> Query:
        """Shows `version` and `changed_at` too."""
        return self._with(replace(self._spec, include_meta=True))

    def _stream(self) -> Request:
        return ask(table_path(self._name, "query"), self._spec.body(), NDJSON)

    def _read(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self._spec.include_vectors:
            _read_vectors(self._transport, self._columns, self._name, rows)
        return rows

    def _in_pages(self) -> bool:
        """Rankings and distinct values do not come as streams."""
        return self._spec.similarity is not None or self._spec.distinct

    def collect(self, *, timeout: float | None = None) -> Rows:
        """All rows, or as many as the limit says."""
        if self._in_pages():
            return Rows(self._read(self._of_pages(timeout)))
        return Rows(self._transport.from_the_beginning(lambda: self._streamed(timeout)))

    def _streamed(self, timeout: float | None) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for some in self._transport.rows(self._stream(), timeout):
            rows += self._read(some)
        return rows

    def _of_pages(self, timeout: float | None) -> list[dict[str, Any]]:
        """All rows of what does not come as a stream, vectors as they came."""
        rows: list[dict[str, Any]] = []
        if self._spec.similarity is not None:
            answer = self._transport.json(ask(table_path(self._name, "query"), self._spec.body()), timeout)
            rows += answer["rows"]
            return rows
        for page in self._pages(MOST_ROWS, timeout):
            rows += page
        return rows

    def first(self, *, timeout: float | None = None) -> dict[str, Any] | None:
        """The first row; None if there is none."""
        rows = self.limit(1).collect(timeout=timeout)
        return rows[0] if rows else None

    def rows(self, *, timeout: float | None = None) -> Iterator[dict[str, Any]]:
        """Rows one by one as they come: memory stays bounded, and the server stops when the loop is left.

        Raises:
            ConnectionError: The stream broke off; `received` says after how many rows. `pages` goes on by itself.
        """
        if self._in_pages():
            for row in self.collect(timeout=timeout):
                yield row
            return
        for some in self._transport.rows(self._stream(), timeout):
            for row in self._read(some):
                yield row

    def pages(self, size: int = 1000, *, timeout: float | None = None) -> Iterator[Rows]:
        """Pages of at most `size` rows (1 to 10,000), each a request of its own, so that one may take one's time between."""
        for page in self._pages(size, timeout):
            yield Rows(self._read(page))

    def _pages(self, size: int, timeout: float | None) -> Iterator[list[dict[str, Any]]]:
        cursor: str | None = None
        left = self._spec.limit
        while left is None or left > 0:
            body = {**self._spec.body(), "limit": size if left is None else min(size, left), **given(cursor=cursor)}
            if cursor:
                body.pop("offset", None)
            answer = self._transport.json(ask(table_path(self._name, "query"), body), timeout)
            if answer["rows"]:
                yield answer["rows"]
            cursor = answer.get("next_cursor")
            left = None if left is None else left - len(answer["rows"])
            if not cursor:
                return

    def count(self, *, timeout: float | None = None) -> int:
        """How many rows there are; a limit does not matter."""
        body = given(count=True, where=self._spec.where_json())
        return int((self._transport.json(ask(table_path(self._name, "query"), body), timeout))["count"])

    def group_by(self, *columns: str, timeout: float | None = None) -> Rows:
        """How many rows there are of each combination of values: rows with these columns and `count`."""
        body = given(group_by=list(columns), where=self._spec.where_json())
        answer = self._transport.json(ask(table_path(self._name, "query"), body), timeout)
        return Rows([{**group["values"], "count": group["count"]} for group in answer["groups"]])

    def explain(self, *, timeout: float | None = None) -> list[str]:
        """The way that the query would go."""
        body = self._spec.body(explain=True)
        return list((self._transport.json(ask(table_path(self._name, "query"), body), timeout))["plan"])

    def _content(self, timeout: float | None) -> bytes:
        """The rows as NDJSON."""
        if self._in_pages():
            return b"".join([encode(row) + b"\n" for row in self._of_pages(timeout)])
        return self._transport.from_the_beginning(lambda: self._transport.lines(self._stream(), timeout))

    def _frames(self, timeout: float | None) -> Frames:
        return self._spec.frames(table_info(self._transport.json(get(table_path(self._name)), timeout)))

    def to_arrow(self, *, timeout: float | None = None) -> pyarrow.Table:
        """The rows as an Arrow table, typed as the table's columns are; json columns are JSON text. Extra `arrow`."""
        frames = self._frames(timeout)
        return frames.to_arrow(self._content(timeout))

    def to_pandas(self, *, timeout: float | None = None) -> pandas.DataFrame:
        """The rows as a DataFrame, typed as the table's columns are; json columns hold Python's values. Extra `pandas`."""
        frames = self._frames(timeout)
        return frames.to_pandas(self._content(timeout))

    def to_polars(self, *, timeout: float | None = None) -> polars.DataFrame:
        """The rows as a DataFrame of polars, typed as the table's columns are; json columns are JSON text. Extra `polars`."""
        frames = self._frames(timeout)
        return frames.to_polars(self._content(timeout))


class Table:
    """A table, by name. Made by `AkiDB.table` and `AkiDB.create_table`; a handle that costs nothing.

    Attributes:
        name: Its name.
    """

    def __init__(self, transport: Transport, vectors: QueryVectors, name: str) -> None:
        self._transport = transport
        self._vectors = vectors
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def _path(self, *parts: str | int) -> str:
        return table_path(self.name, *parts)

    # ---- the table itself

    def describe(self) -> TableInfo:
        """Columns, indexes and number of rows; a table in notebooks.

        Raises:
            NotFoundError: There is no such table.
        """
        return table_info(self._transport.json(get(self._path())))

    def rename(self, name: str) -> None:
        """Gives the table another name, also to this handle."""
        self._transport.json(change("PATCH", self._path(), {"name": name}))
        self._vectors.forget(self.name)
        self.name = name

    def drop(self, *, missing_ok: bool = False) -> None:
        """Drops the table with its rows."""
        self._vectors.forget(self.name)
        try:
            self._transport.json(change("DELETE", self._path()))
        except NotFoundError:
            if not missing_ok:
                raise

    def add_column(
        self,
        name: str,
        type: ColumnType,
        *,
        required: bool = False,
        unique: bool = False,
        default: Any = None,
        dimensions: int | None = None,
        metric: Metric | None = None,
    ) -> TableInfo:
        """Adds a column; rows that are there take its default. A required one needs a default then."""
        column = Column(name, type, required, unique, default, dimensions, metric)
        return table_info(self._transport.json(change("POST", self._path("columns"), column.json())))

    def rename_column(self, name: str, new_name: str) -> TableInfo:
        """Gives a column another name."""
        self._vectors.forget(self.name)
        body = {"name": new_name}
        return table_info(self._transport.json(change("PATCH", self._path("columns", name), body)))

    def drop_column(self, name: str) -> TableInfo:
        """Drops a column with its values."""
        self._vectors.forget(self.name)
        return table_info(self._transport.json(change("DELETE", self._path("columns", name))))

    # ---- rows

    def insert(
        self,
        rows: Any,
        *,
        on_conflict: OnConflict | None = None,
        embed: str | None = None,
        batch_rows: int = 1000,
        progress: Progress = False,
        timeout: float | None = None,
    ) -> InsertResult:
        """Inserts rows. Up to `batch_rows` of them go in one request, which is one transaction: durable, and embedded, when
        it is answered, or none of them is there.

        Args:
            rows: A dict or an object with fields (dataclass, pydantic); an iterable of them;
                a DataFrame of pandas (its index is left out) or polars; an Arrow table, batch or stream.
            on_conflict: What happens to keys that exist: `error` (default), `replace` or `ignore`.
            embed: `async` returns as soon as rows are durable; their embeddings follow.
            batch_rows: 1 to 10,000.
            progress: True for tqdm's bar, or a function of the rows done and of all, if known.
            timeout: Seconds for each request.

        Raises:
            InvalidRequestError: A row does not fit; `field` names row and column, such as `rows[3].quality`, counted from
                the first row of `rows`.
            ConflictError: A key exists.
            PartialInsertError: It stopped after requests that are kept; it says how many rows are.
            InvalidValueError: JSON has no such value (NaN in a plain row).
        """
        if not 1 <= batch_rows <= MOST_ROWS:
            raise ValueError(f"batch_rows must be 1 to {MOST_ROWS:,}, not {batch_rows}")
        options = given(on_conflict=on_conflict, embed=embed)
        bar = Bar(progress, count_of(rows), f"insert into {self.name}", "rows")
        state = Inserting()
        try:
            vectors = self._embeddings() if is_frame(rows) else frozenset[str]()
            for batch in row_batches(rows, batch_rows, vectors):
                self._insert_batch(batch, options, state, bar, timeout)
        except AkiDBError as error:
            told = state.stopped_by(error)
            if told is error:
                raise
            raise told from error
        except BaseException as error:
            state.note(error)
            raise
        finally:
            bar.close()
        return state.result

    def _embeddings(self) -> frozenset[str]:
        """The embedding columns, whose vectors are sent as base64."""
        columns = self._vectors.columns
        embeds = columns.find(self.name, [])
        if embeds is None:
            embeds = columns.learn(self.name, self._transport.json(get(self._path())), [])
        return frozenset(name for name, embedding in embeds.items() if embedding)

    def _insert_batch(
        self,
        batch: list[Any],
        options: Mapping[str, Any],
        state: Inserting,
        bar: Bar,
        timeout: float | None,
    ) -> None:
        if has_vectors(batch):
            batch = with_encoded(batch, self._embeddings())
        for count, body in bodies(batch, options):
            request = replace(write("POST", self._path("rows")), body=body)
            state.sent = count
            state.result += insert_result(self._transport.json(request, timeout))
            state.done += count
            state.sent = 0
            bar.advance(count)

    def insert_file(
        self,
        path: str | Path,
        *,
        format: str | None = None,
        on_conflict: OnConflict | None = None,
        batch_rows: int = 1000,
        progress: Progress = False,
        timeout: float | None = None,
    ) -> InsertResult:
        """Inserts the rows of a file, in requests of `batch_rows`; `scripts/akidb import` can also be interrupted and go on.

        Args:
            path: CSV (its first line names the columns; values are read as the table's columns want them, an empty
                field is no value), NDJSON, or Parquet (extra `arrow`).
            format: `csv`, `ndjson` or `parquet`, if the name does not say.
        """
        batches = file_batches(Path(path), format, self.describe(), batch_rows)
        rows = (row for batch in batches for row in batch)
        return self.insert(rows, on_conflict=on_conflict, batch_rows=batch_rows, progress=progress, timeout=timeout)

    def get(
        self, key: str | int, *, include_vectors: bool = False, include_meta: bool = False
    ) -> dict[str, Any] | None:
        """The row of this key; None if there is none."""
        query = parameters(
            include_vectors=include_vectors or None,
            include_meta=include_meta or None,
            encoding_format="base64" if include_vectors else None,
        )
        try:
            row: dict[str, Any] = self._transport.json(get(self._path("rows", key) + query))
        except NotFoundError as error:
            if error.field == "table":
                raise
            return None
        if include_vectors:
            _read_vectors(self._transport, self._vectors.columns, self.name, [row])
        return row

    def update(
        self,
        values: Mapping[str, Any],
        where: Where = None,
        *params: Any,
        embed: str | None = None,
        timeout: float | None = None,
        **equal: Any,
    ) -> UpdateResult:
        """Changes all rows that a condition lets pass, in one transaction.

        Args:
            values: New values by column; a primary key never changes.
            where: The condition, which has to be said; `[]` means all rows.
            params: What each `?` of a text stands for.
            equal: Columns with the values that they have to have.
        """
        body = given(values=dict(values), embed=embed)
        body["where"] = changed_rows(where, params, equal)
        return update_result(self._transport.json(write("PATCH", self._path("rows"), body), timeout))

    def update_row(
        self, key: str | int, values: Mapping[str, Any], *, embed: str | None = None, timeout: float | None = None
    ) -> UpdateResult:
        """Changes the row of this key.

        Raises:
            NotFoundError: There is none.
        """
        body = given(values=dict(values), embed=embed)
        return update_result(self._transport.json(write("PATCH", self._path("rows", key), body), timeout))

    def update_rows(
        self, rows: Any, *, if_missing: IfMissing | None = None, embed: str | None = None, timeout: float | None = None
    ) -> UpdateResult:
        """Gives each row values of its own, all in one request, which is one transaction: all are changed, or none.

        Args:
            rows: Up to 10,000, as `insert` takes them: of each, its primary key and the values that change.
            if_missing: What happens if a row is not there: `error` (default) or `ignore`.
            embed: `async` returns as soon as rows are durable; their embeddings follow.

        Raises:
            NotFoundError: A row is not there; `field` names it, such as `rows[3].id`.
            ValueError: There are no rows, or more than 10,000.
        """
        batch = one_batch(rows, self._embeddings() if is_frame(rows) else frozenset[str]())
        if has_vectors(batch):
            batch = with_encoded(batch, self._embeddings())
        body = body_of(batch, given(if_missing=if_missing, embed=embed))
        request = replace(write("PATCH", self._path("rows")), body=body)
        return update_result(self._transport.json(request, timeout))

    def delete(self, where: Where = None, *params: Any, timeout: float | None = None, **equal: Any) -> DeleteResult:
        """Deletes all rows that a condition lets pass, in one transaction. `[]` means all rows."""
        body = {"where": changed_rows(where, params, equal)}
        return delete_result(self._transport.json(write("DELETE", self._path("rows"), body), timeout))

    def delete_row(self, key: str | int) -> bool:
        """Deletes the row of this key; whether there was one."""
        try:
            self._transport.json(write("DELETE", self._path("rows", key)))
        except NotFoundError as error:
            if error.field == "table":
                raise
            return False
        return True

    # ---- queries and searches

    def query(self) -> Query:
        """All rows, to be narrowed."""
        return Query(self._transport, self._vectors.columns, self.name, QuerySpec())

    def select(self, *columns: Selected, **computed: str) -> Query:
        """A query that shows these columns; see `Query.select`."""
        return self.query().select(*columns, **computed)

    def where(self, condition: Where = None, *params: Any, **equal: Any) -> Query:
        """A query of these rows; see `Query.where`."""
        return self.query().where(condition, *params, **equal)

    def count(self, where: Where = None, *params: Any, **equal: Any) -> int:
        """How many rows there are, or pass a condition."""
        return self.query().where(where, *params, **equal).count()

    def search(
        self,
        query: Question | None = None,
        column: str | None = None,
        *,
        limit: int = 10,
        offset: int = 0,
        where: Where = None,
        params: Sequence[Any] = (),
        like: str | int | None = None,
        threshold: float | None = None,
        select: Sequence[str] | None = None,
        include_vectors: bool = False,
        metric: Metric | None = None,
        hybrid: str | Sequence[str] | Mapping[str, Any] | None = None,
        mmr: float | Mapping[str, Any] | None = None,
        exact: bool = False,
        ef: int | None = None,
        probes: int | None = None,
        group: str | Mapping[str, Any] | None = None,
        input_type: str | None = None,
        explain: bool = False,
        timeout: float | None = None,
    ) -> SearchResults:
        """The rows that are nearest to a text or a vector, best first.

        Args:
            query: A text, which the column's model embeds, or a vector of the column's dimension.
            column: The embedding column; may be left out where the table has just one.
            limit: 1 to 1,000 rows; with `offset` at most 10,000.
            where: A condition that rows have to pass; it comes before the limit, so that a selective one still fills it.
            params: What each `?` of a text stands for.
            like: The key of a row: searches with its vector. This or `query`.
            threshold: Least similarity, inclusive.
            select: What hits show; all columns but embeddings unless said.
            metric: `cosine` (-1 to 1), `euclidean` (1 / (1 + distance)) or `inner_product`; the column's unless said.
            hybrid: Columns with a text index, whose words are searched too: a name, names, or
                `{"columns": [...], "weights": {"similarity": 1, "text": 1}}`. The query must be a text.
            mmr: Chooses rows that are also unlike one another: lambda, from 0 (different) to 1 (similar), or
                `{"lambda": 0.5, "candidates": 100}`.
            group: A column, or `{"by": "author", "size": 3}`: the best rows of each of its values; `limit` counts groups.
            input_type: `query` or `document`: what the text is for, where the model has prompts.
            exact: Compares all rows in full precision.
            ef, probes: Effort of a search in a graph, or in lists.
            explain: Tells how it was found, in `.explanation`.
        """
        column = column or self._only_embedding()
        body = search_body(
            query, column, limit, offset, where, params, like, threshold, select, include_vectors, metric, hybrid,
            mmr, exact, ef, probes, explain, group, input_type,
        )  # fmt: skip
        answer = self._found(self._path("search", "similarity"), body, timeout)
        if include_vectors or select is not None:
            _read_vectors(self._transport, self._vectors.columns, self.name, [hit["data"] for hit in answer["results"]])
        return search_results(answer)

    def _found(self, path: str, body: dict[str, Any], timeout: float | None) -> dict[str, Any]:
        """The answer of a search, with the vector of the text if that is known."""
        answer: dict[str, Any]
        text = body.get("query")
        if text is None:
            answer = self._transport.json(ask(path, body), timeout)
            return answer
        key = (self.name, body["column"], body.get("input_type") or "query", text)
        made = self._vectors.find(key)
        if made is not None:
            vector, fingerprint = made
            known = {
                **body,
                "query_vector": vector,
                "model_fingerprint": fingerprint,
                "include_query_embedding": False,
            }
            if not body.get("hybrid"):
                del known["query"]  # it is not searched by its words
            try:
                return {**self._transport.json(ask(path, known), timeout), "query_embedding": vector}
            except ConflictError as error:
                if error.code != "MODEL_CHANGED":
                    raise
                self._vectors.drop(key)
                self._vectors.columns.forget(self.name)
        answer = self._transport.json(ask(path, body), timeout)
        if answer.get("query_embedding") and answer.get("model_fingerprint"):
            self._vectors.keep(key, (answer["query_embedding"], answer["model_fingerprint"]))
        return answer

    def _only_embedding(self) -> str:
        names = [column.name for column in (self.describe()).columns if column.type == "embedding"]
        if len(names) != 1:
            there = ", ".join(names) or "none"
            raise ConfigurationError(f"say which embedding column of table {self.name!r} to search; it has {there}")
        return names[0]

    def explain(self, query: Question, column: str | None = None, **options: Any) -> Explanation:
        """How a search goes: the plan and why, what was looked at, and the time of each step; a drawing in notebooks."""
        found = self.search(query, column, explain=True, **options)
        return found.explanation or Explanation()

    def projection(
        self,
        column: str | None = None,
        *,
        by: str | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> VectorMap:
        """Vectors of a sample of the rows as points of the plane in which they differ most, for a drawing.

        Args:
            column: The embedding column; the first one unless said.
            by: A column of single values that points show, such as for their colour.
            limit: 1 to 10,000 points, 2,000 by default; fewer where vectors are longer than 400 numbers.
        """
        query = parameters(column=column, by=by, limit=limit)
        return vector_map(self._transport.json(get(self._path("projection") + query), timeout))

    # ---- computed columns

    def add_embedding(
        self,
        name: str,
        source: str,
        *,
        model: str = "sentence-transformers/all-MiniLM-L6-v2",
        auto_update: bool | None = None,
        cache: bool | None = None,
        adopt: bool | None = None,
    ) -> Computed:
        """Adds a column with the embeddings of a text column. Rows that are there are filled in the background.

        Args:
            name: The new column.
            source: A column of type string.
            model: Id or alias of a model.
            auto_update: Whether a change of the text makes the vector anew; true unless said.
            cache: Whether its vectors go through the cache of all embedding; true unless said.
            adopt: Makes an embedding column that is there the computed one; its vectors stay as they are.
        """
        body = given(name=name, source_column=source, model=model, auto_update=auto_update, cache=cache, adopt=adopt)
        self._transport.json(change("POST", self._path("columns", "computed", "embedding"), body))
        self._vectors.forget(self.name)
        return self.computed(name)

    def computed(self, name: str) -> Computed:
        """A computed column, by name."""
        return Computed(self._transport, self._vectors, self.name, name)

    def computed_columns(self) -> list[ComputedInfo]:
        """All computed columns, with how far each is filled."""
        answer = self._transport.json(get(self._path("columns", "computed")))
        return [computed_info(column) for column in answer["columns"]]

    # ---- indexes

    def create_vector_index(
        self,
        column: str,
        *,
        method: str = "hnsw",
        metric: Metric = "cosine",
        parameters: Mapping[str, Any] | None = None,
    ) -> Index:
        """Asks for an index of an embedding column, `hnsw` or `ivfflat`; most tables need none (docs/INDEX-GUIDE.md)."""
        body = given(column=column, method=method, metric=metric, parameters=dict(parameters) if parameters else None)
        return self._index(self._transport.json(change("POST", self._path("indexes", "vector"), body)))

    def create_text_index(self, *columns: str) -> Index:
        """An index of the words of text columns, for hybrid searches."""
        body = {"columns": list(columns)}
        return self._index(self._transport.json(change("POST", self._path("indexes", "text"), body)))

    def create_index(self, *columns: str) -> Index:
        """An index of scalar columns, for conditions and orders of queries."""
        body = {"columns": list(columns)}
        return self._index(self._transport.json(change("POST", self._path("indexes", "btree"), body)))

    def _index(self, answer: Mapping[str, Any]) -> Index:
        return self.index(answer["index_name"])

    def index(self, name: str) -> Index:
        """An index, by name."""
        return Index(self._transport, self.name, name)

    def indexes(self) -> list[IndexInfo]:
        """All indexes that were asked for."""
        return [index_info(index) for index in (self._transport.json(get(self._path("indexes"))))["indexes"]]


class Computed:
    """A column whose embeddings the server makes of another. Made by `Table.computed` and `Table.add_embedding`.

    Attributes:
        name: Its name.
    """

    def __init__(self, transport: Transport, vectors: QueryVectors, table: str, name: str) -> None:
        self._transport = transport
        self._vectors = vectors
        self._table = table
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._table!r}, {self.name!r})"

    def _path(self, *parts: str) -> str:
        return table_path(self._table, "columns", "computed", self.name, *parts)

    def status(self, *, failed_after: int | None = None, failed_limit: int | None = None) -> ComputedInfo:
        """How far it is filled, and which cells failed (1 to 999 of them, after `failed_after`)."""
        query = parameters(failed_after=failed_after, failed_limit=failed_limit)
        return computed_info(self._transport.json(get(self._path() + query)))

    def wait(self, *, progress: Progress = False, timeout: float = 3600.0) -> ComputedInfo:
        """Returns when all cells are filled, or have failed.

        Raises:
            TimeoutError: It is not after `timeout` seconds; filling goes on.
            AkiDBError: It is paused, so that nothing would come.
        """

        bar = Bar(progress, None, f"fill {self.name}", "rows")
        end, pause = time.monotonic() + timeout, FIRST_LOOK
        try:
            while True:
                state = self.status(failed_limit=1)
                cells = state.cells
                there = cells.ready + cells.failed + cells.empty
                bar.reach(there, there + cells.pending)
                if state.status == "ready":
                    return state
                if state.status == "paused":
                    raise AkiDBError(f"column {self.name!r} is paused; resume() it")
                if time.monotonic() + pause > end:
                    raise TimeoutError(
                        f"column {self.name!r} is {state.status} after {timeout:g} s: {state.error or cells}"
                    )
                time.sleep(pause)
                pause = min(LAST_LOOK, pause * 1.5)
        finally:
            bar.close()

    def refresh(
        self, where: Where = None, *params: Any, wait: bool | None = None, timeout: float | None = None
    ) -> Mapping[str, int]:
        """Computes cells anew, all or those of the rows that pass: `{"refreshed", "failed", "skipped", "pending"}`.

        With `wait=False` the answer comes before the vectors.
        """
        from ..filters import where_of

        condition = where_of(where, params)
        request = change("POST", self._path("refresh"), given(where=condition, wait=wait), repeatable=True)
        answer: Mapping[str, int] = self._transport.json(request, timeout)
        return answer

    def retry(self, *, wait: bool | None = None, timeout: float | None = None) -> Mapping[str, int]:
        """Tries cells that failed again: `{"retried", "refreshed", "failed", "skipped", "pending"}`."""
        request = change("POST", self._path("retry"), given(wait=wait), repeatable=True)
        answer: Mapping[str, int] = self._transport.json(request, timeout)
        return answer

    def pause(self) -> ComputedInfo:
        """Stops the filling, also over restarts."""
        return computed_info(self._transport.json(change("POST", self._path("pause"), repeatable=True)))

    def resume(self) -> ComputedInfo:
        """Goes on with the filling."""
        return computed_info(self._transport.json(change("POST", self._path("resume"), repeatable=True)))

    def change(
        self, *, model: str | None = None, auto_update: bool | None = None, cache: bool | None = None
    ) -> ComputedInfo:
        """Changes the model (new vectors are made beside the old ones, which serve until all are there) or the rest."""
        body = given(model=model, auto_update=auto_update, cache=cache)
        self._vectors.forget(self._table)
        return computed_info(self._transport.json(change("PATCH", self._path(), body)))

    def cancel(self) -> ComputedInfo:
        """Gives a change of the model up."""
        return computed_info(self._transport.json(change("POST", self._path("cancel"))))

    def drop(self) -> None:
        """Drops the column."""
        self._vectors.forget(self._table)
        self._transport.json(change("DELETE", table_path(self._table, "columns", self.name)))


class Index:
    """An index of a table. Made by `Table.index` and by the methods that create one.

    Attributes:
        name: Its name.
    """

    def __init__(self, transport: Transport, table: str, name: str) -> None:
        self._transport = transport
        self._table = table
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._table!r}, {self.name!r})"

    def _path(self, *parts: str) -> str:
        return table_path(self._table, "indexes", self.name, *parts)

    def status(self) -> IndexInfo:
        """Whether it is built, and how far."""
        return index_info(self._transport.json(get(self._path())))

    def wait(self, *, progress: Progress = False, timeout: float = 3600.0) -> IndexInfo:
        """Returns when it is built.

        Raises:
            AkiDBError: It failed; the message says why.
            TimeoutError: It is not built after `timeout` seconds; building goes on.
        """

        bar = Bar(progress, 100, f"build {self.name}", "%")
        end, pause = time.monotonic() + timeout, FIRST_LOOK
        try:
            while True:
                state = self.status()
                bar.reach(100 if state.status == "ready" else state.percent)
                if state.status == "ready":
                    return state
                if state.status == "failed":
                    raise AkiDBError(f"index {self.name!r} failed: {state.error}")
                if time.monotonic() + pause > end:
                    raise TimeoutError(f"index {self.name!r} is at {state.percent} % after {timeout:g} s")
                time.sleep(pause)
                pause = min(LAST_LOOK, pause * 1.5)
        finally:
            bar.close()

    def rebuild(self) -> IndexInfo:
        """Builds it anew while the old one serves."""
        return index_info(self._transport.json(change("POST", self._path("rebuild"), repeatable=True)))

    def drop(self) -> None:
        """Drops the index; searches go on without it."""
        self._transport.json(change("DELETE", self._path()))
