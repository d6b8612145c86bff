"""Queries: what of them the server can do, it does (filters, orders, searches, sums of groups); the rest is done here."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import InvalidRequestError
from ._exprs import (
    Aggregate,
    Arithmetic,
    ColumnRef,
    Comparison,
    Expr,
    IsIn,
    Junction,
    Literal,
    Not,
    Row,
    Similarity,
    conjuncts,
    constant,
    expr_of,
    filter_of,
)
from ._results import ResultSet
from ._types import ColumnType, shown
from .exceptions import NotSupported, RequestError, translated

if TYPE_CHECKING:
    from ._definition import Definition

#: Most rows that one search gives, and that searches can page through.
PAGE, MOST_FOUND = 1000, 10_000
#: Most rows of an answer of SQL.
MOST_OF_SQL = 10_000

JOINS = ("inner", "left", "right", "full_outer", "cross")


class Query:
    """A query. Nothing is asked before `collect`, `head`, `count`, ...; each method gives a new query."""

    def __init__(self, table: Definition) -> None:
        self._tables: list[Definition] = [table]
        self._joins: list[tuple[Definition, Expr | None, str]] = []
        self._selected: list[tuple[Expr, str | None]] | None = None
        self._where: Expr | None = None
        self._order: list[tuple[Expr, bool]] = []
        self._group: list[Expr] | None = None
        self._limit: int | None = None
        self._offset = 0
        self._distinct = False
        self._sample: tuple[int | None, float | None, int | None] | None = None

    def _copy(self, **changes: Any) -> Query:
        copy = Query.__new__(Query)
        copy.__dict__.update(self.__dict__)
        copy.__dict__.update(changes)
        return copy

    # ---- building

    def select(self, *items: Any, **named: Any) -> Query:
        """Which columns and expressions rows have."""
        if self._selected is not None:
            raise RequestError("select() already specified")
        for name in named:
            if not name.isidentifier():
                raise RequestError(f"Invalid column name: {name}")
        chosen = [(expr_of(item), None) for item in items] + [(expr_of(item), name) for name, item in named.items()]
        return self._copy(_selected=chosen or None)

    def where(self, pred: Any) -> Query:
        """Which rows."""
        if self._where is not None:
            raise RequestError("where() clause already specified")
        condition = expr_of(pred)
        if condition._type.kind != "Bool":
            raise RequestError(f"where() expression needs to return `Bool`, but instead returns `{condition._type}`")
        return self._copy(_where=condition)

    def order_by(self, *exprs: Any, asc: bool = True) -> Query:
        """In which order; a second call orders what the first leaves equal."""
        return self._copy(_order=[*self._order, *((expr_of(part), asc) for part in exprs)])

    def limit(self, n: int, offset: int | None = None) -> Query:
        """At most so many rows, after so many."""
        for name, value in (("n", n), ("offset", offset)):
            if value is not None and (not isinstance(value, int) or value < 0):
                raise RequestError(f"limit(): parameter {name!r} must be a non-negative integer")
        return self._copy(_limit=n, _offset=offset or 0)

    def group_by(self, *items: Any) -> Query:
        """One row for each combination of these values; aggregates are then over its rows."""
        if self._group is not None:
            raise RequestError("group_by() already specified")
        if any(not isinstance(item, Expr) for item in items):
            raise NotSupported("group_by() takes expressions; AkiDB has no views whose rows belong to another table's")
        return self._copy(_group=list(items))

    def distinct(self) -> Query:
        """Each combination of the selected values once."""
        return self._copy(_distinct=True)

    def sample(
        self,
        n: int | None = None,
        n_per_stratum: int | None = None,
        fraction: float | None = None,
        seed: int | None = None,
        stratify_by: Any = None,
    ) -> Query:
        """Some rows by chance. The same seed gives the same rows, though not those of Pixeltable."""
        if stratify_by is not None or n_per_stratum is not None:
            raise NotSupported("sample(stratify_by=...) is not there: sample each group by itself")
        if (n is None) == (fraction is None):
            raise RequestError("sample() needs n or fraction, not both")
        return self._copy(_sample=(n, fraction, seed))

    def join(self, other: Any, on: Any = None, how: str = "inner") -> Query:
        """Rows of both tables that belong together: `inner`, `left`, `right`, `full_outer`, `cross`."""
        if how not in JOINS:
            raise RequestError(f"how must be one of: {list(JOINS)}")
        if (on is None) != (how == "cross"):
            raise RequestError("join() needs on=, except for how='cross'")
        condition: Expr | None = None
        for part in [] if on is None else on if isinstance(on, (list, tuple)) else [on]:
            one = part
            if isinstance(part, ColumnRef):
                # a column that both sides have
                mine = next((table for table in self._tables if part._column in table._types), self._tables[0])
                one = mine._ref(part._column) == other._ref(part._column)
            condition = one if condition is None else condition & one
        return self._copy(_tables=[*self._tables, other], _joins=[*self._joins, (other, condition, how)])

    # ---- running

    def collect(self) -> ResultSet:
        """All rows."""
        chosen = self._output()
        rows = self._computed()
        values = [[_output_of(part, row, place) for part, _ in chosen] for place, row in enumerate(rows)]
        return ResultSet(values, {name: part._type for part, name in chosen})

    def head(self, n: int = 10) -> ResultSet:
        """The first rows, in the order of insertion."""
        if self._order:
            raise RequestError("head() cannot be used with order_by()")
        return self.limit(n).collect()

    def tail(self, n: int = 10) -> ResultSet:
        """The last rows, in the order of insertion."""
        if self._order:
            raise RequestError("tail() cannot be used with order_by()")
        start = max(0, self.count() - n)
        return self.limit(n, offset=start).collect()

    def show(self, n: int = 20) -> ResultSet:
        """Some rows."""
        return self.limit(n).collect()

    def count(self) -> int:
        """How many rows there are."""
        if self._joins or self._group is not None or self._distinct or self._sample or self._limit is not None:
            return len(self._computed())
        table = self._tables[0]
        condition = None if self._where is None else filter_of(self._where)
        with translated():
            if self._where is None or condition is not None:
                return table._server.where(condition).count()
            sql = _Sql(table)
            text = sql.of(self._where)
            if text is not None:
                answer = sql.run(f"select count(*) as n from {table._quoted} where {text}")
                if answer is not None:
                    return int(answer[0]["n"])
        return len(self._computed())

    def cursor(self) -> Cursor:
        """Rows one by one."""
        return Cursor(self)

    def update(self, value_spec: dict[str, Any], cascade: bool = True) -> Any:
        """Changes the rows."""
        return self._tables[0]._update(value_spec, self._mutated("update"), cascade)

    def delete(self) -> Any:
        """Deletes the rows."""
        return self._tables[0]._delete(self._mutated("delete"))

    def _mutated(self, what: str) -> Expr | None:
        if self._joins or self._selected or self._group is not None or self._order or self._limit is not None:
            raise RequestError(f"Cannot use `{what}` after anything but where()")
        return self._where

    @property
    def schema(self) -> dict[str, ColumnType]:
        """Types of the result's columns."""
        return {name: part._type for part, name in self._output()}

    def to_pandas(self) -> Any:
        return self.collect().to_pandas()

    def __repr__(self) -> str:
        return f"Query({', '.join(table._path for table in self._tables)}: {', '.join(name for _, name in self._output())})"

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.collect())

    # ---- how it is done

    def _output(self) -> list[tuple[Expr, str]]:
        """What rows have, with names as Pixeltable gives them."""
        if self._selected is None:
            return _with_names([(table._ref(name), name) for table in self._tables for name in table._types])
        return _with_names(self._selected)

    def _computed(self) -> list[Row]:
        """Rows in their order, to compute the output of."""
        chosen = self._output()
        aggregates = [part for top, _ in [*chosen, *self._order] for part in top._walk() if isinstance(part, Aggregate)]
        rows = self._groups(aggregates) if self._group is not None or aggregates else self._source()
        if self._distinct:
            first: dict[str, Row] = {}
            for row in rows:
                first.setdefault(repr([part._value(row) for part, _ in chosen]), row)
            rows = list(first.values())
        for part, ascending in reversed(self._order):
            rows = _sorted(rows, part, ascending)
        if self._sample:
            rows = _sampled(rows, *self._sample)
        if self._limit is not None:
            rows = rows[self._offset : self._offset + self._limit]
        return rows

    def _every_expr(self) -> list[Expr]:
        parts = [part for part, _ in self._output()] + [part for part, _ in self._order] + (self._group or [])
        parts += [on for _, on, _ in self._joins if on is not None]
        return parts + ([self._where] if self._where is not None else [])

    def _groups(self, aggregates: list[Aggregate]) -> list[Row]:
        answer = self._groups_by_sql(aggregates)
        if answer is not None:
            return answer
        groups: dict[str, list[Row]] = {} if self._group else {"": []}
        for row in self._source():
            groups.setdefault(repr([part._value(row) for part in self._group or []]), []).append(row)
        return [
            {**(rows[0] if rows else {}), **{f"aggregate.{part!r}": part.of(rows) for part in aggregates}}
            for rows in groups.values()
        ]

    def _groups_by_sql(self, aggregates: list[Aggregate]) -> list[Row] | None:
        """The server's sums, where all that is asked can be said in its SQL."""
        if self._joins or not all(isinstance(part, ColumnRef) for part in self._group or []):
            return None
        keys = [part for part in self._group or [] if isinstance(part, ColumnRef)]
        table = self._tables[0]
        sql = _Sql(table)
        condition = None if self._where is None else sql.of(self._where)
        if self._where is not None and condition is None:
            return None
        where_params, sql.params = sql.params, []
        columns = [sql.of(part) for part in [*keys, *aggregates]]
        if None in columns or not columns:
            return None
        names = [f"{text} as c{place}" for place, text in enumerate(columns)]
        text = f"select {', '.join(names)} from {table._quoted}"
        sql.params += where_params
        if condition is not None:
            text += f" where {condition}"
        if keys:
            text += f" group by {', '.join(str(column) for column in columns[: len(keys)])}"
        answer = sql.run(text)
        if answer is None:
            return None
        return [
            {
                **{key._key: value_of(row[f"c{place}"], key._type) for place, key in enumerate(keys)},
                **{f"aggregate.{part!r}": row[f"c{len(keys) + place}"] for place, part in enumerate(aggregates)},
            }
            for row in answer
        ]

    def _source(self) -> list[Row]:
        if self._joins:
            return self._joined()
        found = self._searched()
        if found is not None:
            return found
        return self._scanned()

    def _scanned(self) -> list[Row]:
        """Rows of one table."""
        table = self._tables[0]
        pushed: list[Any] = []
        rest: list[Expr] = []
        for part in conjuncts(self._where):
            condition = filter_of(part)
            if condition is None:
                rest.append(part)
            else:
                pushed.append(condition)
        query = table._server.query()
        if pushed:
            query = query.where({"and": pushed} if len(pushed) > 1 else pushed[0])
        # missing values stand elsewhere in the server's order
        orders = [(part, up) for part, up in self._order if isinstance(part, ColumnRef) and not part._type.nullable]
        ordered = len(orders) == len(self._order) <= 16 and all(
            part._type.kind not in ("Json", "Array") for part, _ in orders
        )
        if ordered:
            for part, ascending in orders:
                query = query.order_by(part._stored, "asc" if ascending else "desc")
        plain = not (rest or self._group is not None or self._distinct or self._sample)
        plain = plain and not any(isinstance(part, Aggregate) for top in self._every_expr() for part in top._walk())
        if plain and ordered and self._limit is not None:
            query = query.limit(max(1, self._limit + self._offset))
        refs = self._refs(table, [part for part in self._every_expr() if part is not self._where] + rest)
        names = sorted({ref._stored for ref in refs}) or [table._key]
        rows: list[Row] = []
        with translated():
            for row in query.select(*names).rows():
                values = {ref._key: value_of(row[ref._stored], ref._type) for ref in refs}
                if all(part._value(values) is True for part in rest):
                    rows.append(values)
        return rows

    @staticmethod
    def _refs(table: Definition, parts: Sequence[Expr]) -> list[ColumnRef]:
        """The columns of a table that expressions need."""
        refs: dict[str, ColumnRef] = {}
        for top in parts:
            for part in top._walk():
                ref = part.stored if isinstance(part, Similarity) else part
                if isinstance(ref, ColumnRef) and ref._table._path == table._path:
                    refs[ref._key] = ref
        return list(refs.values())

    def _searched(self) -> list[Row] | None:
        """What a search of the server finds; None if the query is no search."""
        sims = {repr(part): part for top in self._every_expr() for part in top._walk() if isinstance(part, Similarity)}
        first = self._order[0] if self._order else None
        if len(sims) != 1 or first is None or not isinstance(first[0], Similarity):
            return None
        sim = first[0]
        if first[1] != (sim.index.metric == "l2") or self._group is not None or self._sample:
            return None
        pushed: list[Any] = []
        rest: list[Expr] = []
        threshold: float | None = None
        for part in conjuncts(self._where):
            low = _least(part, sim)
            if low is not None:
                threshold = low if threshold is None else max(threshold, low)
                continue
            condition = filter_of(part)
            if condition is None:
                rest.append(part)
            else:
                pushed.append(condition)
        refs = self._refs_but(sim, rest)
        exact = not rest and not self._distinct and len(self._order) == 1 and self._limit is not None
        wanted = (self._limit or 0) + self._offset if exact else MOST_FOUND + 1
        table = self._tables[0]
        if wanted > MOST_FOUND:
            with translated():
                if table._server.count() > MOST_FOUND:
                    return None
            wanted = MOST_FOUND
        if wanted == 0:
            return []
        rows: list[Row] = []
        question = sim.query if isinstance(sim.query, str) and sim.index.model else sim.vector().tolist()
        while len(rows) < wanted:
            size = min(PAGE, wanted - len(rows))
            with translated():
                found = table._server.search(
                    question,
                    sim.index.stored_column,
                    limit=size,
                    offset=len(rows),
                    where={"and": pushed} if pushed else None,
                    threshold=threshold,
                    select=sorted({ref._stored for ref in refs}) or [table._key],
                    metric=METRICS[sim.index.metric],  # type: ignore[arg-type]
                )
            for hit in found:
                row = {ref._key: value_of(hit.data[ref._stored], ref._type) for ref in refs}
                row[sim._key] = hit.score
                rows.append(row)
            if len(found) < size:
                break
        kept = [part for part in conjuncts(self._where) if _least(part, sim) is not None] + rest
        return [row for row in rows if all(part._value(row) is True for part in kept)]

    def _refs_but(self, sim: Similarity, rest: list[Expr]) -> list[ColumnRef]:
        """The columns that are needed beside what the search is about."""
        refs: dict[str, ColumnRef] = {}
        for top in [part for part in self._every_expr() if part is not self._where] + rest:
            for part in top._walk():
                if isinstance(part, ColumnRef):
                    refs[part._key] = part
        return list(refs.values())

    def _joined(self) -> list[Row]:
        """Rows of several tables. They meet here, so that there may be any number of them."""
        every = self._every_expr()
        inner = all(how in ("inner", "cross") for _, _, how in self._joins)
        tables = {table._path: table for table in self._tables}
        if len(tables) < len(self._tables):
            raise NotSupported("a join of a table with itself is not there: collect one side first")
        fetched = {}
        rest = []
        pushed: dict[str, list[Any]] = {}
        for part in conjuncts(self._where):
            paths = {ref._table._path for ref in part._walk() if isinstance(ref, ColumnRef)}
            condition = filter_of(part) if inner and len(paths) == 1 else None
            if condition is None:
                rest.append(part)
            else:
                pushed.setdefault(paths.pop(), []).append(condition)
        for path, table in tables.items():
            refs = self._refs(table, every)
            query = table._server.select(*(sorted({ref._stored for ref in refs}) or [table._key]))
            if path in pushed:
                query = query.where({"and": pushed[path]})
            with translated():
                fetched[path] = [
                    {ref._key: value_of(row[ref._stored], ref._type) for ref in refs} for row in query.rows()
                ]
        rows: list[Row] = fetched[self._tables[0]._path]  # type: ignore[assignment]
        left_keys = [ref._key for ref in self._refs(self._tables[0], every)]
        for table, on, how in self._joins:
            right_keys = [ref._key for ref in self._refs(table, every)]
            rows = _join(rows, fetched[table._path], on, how, left_keys, right_keys, table)  # type: ignore[arg-type]
            left_keys += right_keys
        return [row for row in rows if all(part._value(row) is True for part in rest)]


#: Pixeltable's names of metrics, and AkiDB's.
METRICS = {"cosine": "cosine", "ip": "inner_product", "l2": "euclidean"}


def _with_names(chosen: Sequence[tuple[Expr, str | None]]) -> list[tuple[Expr, str]]:
    named: list[tuple[Expr, str]] = []
    taken: set[str] = set()
    for place, (part, name) in enumerate(chosen):
        wanted = name or part._name() or f"col_{place}"
        unique, number = wanted, 1
        while unique in taken:
            unique, number = f"{wanted}_{number}", number + 1
        taken.add(unique)
        named.append((part, unique))
    return named


def value_of(value: Any, kind: ColumnType) -> Any:
    """What the server keeps, as expressions compute with it."""
    if kind.kind in ("Timestamp", "Date", "UUID", "Array"):
        return shown(value, kind)
    return value


def _output_of(part: Expr, row: Row, place: int) -> Any:
    """What a result shows of a row.

    Raises:
        RequestError: A function fails.
    """
    try:
        return shown_value(part._value(row), part._type)
    except NotSupported:
        raise
    except Exception as problem:
        if isinstance(problem, RequestError) and str(problem).startswith("In row"):
            raise  # a part of it has said so
        raise RequestError(
            f"In row {place} the expression {part!r} encountered exception {type(problem).__name__}: {problem}"
        ) from problem


def shown_value(value: Any, kind: ColumnType) -> Any:
    return (
        shown(value, kind) if isinstance(value, (str, int)) and kind.kind in ("Timestamp", "Date", "Float") else value
    )


def _sorted(rows: list[Row], part: Expr, ascending: bool) -> list[Row]:
    """As PostgreSQL orders: missing values last when ascending, first when descending."""
    there = [(part._value(row), row) for row in rows]
    present = [pair for pair in there if pair[0] is not None]
    missing = [row for value, row in there if value is None]
    try:
        present.sort(key=lambda pair: pair[0], reverse=not ascending)
    except TypeError:
        present.sort(key=lambda pair: repr(pair[0]), reverse=not ascending)
    ordered = [row for _, row in present]
    return ordered + missing if ascending else missing + ordered


def _sampled(rows: list[Row], n: int | None, fraction: float | None, seed: int | None) -> list[Row]:
    size = min(len(rows), n if n is not None else round(len(rows) * (fraction or 0)))
    places = sorted(random.Random(seed).sample(range(len(rows)), size))
    return [rows[place] for place in places]


def _least(part: Expr, sim: Similarity) -> float | None:
    """The least similarity that a condition allows, if it is one of that kind."""
    if (
        isinstance(part, Comparison)
        and part._symbol in (">", ">=")
        and isinstance(part._parts[0], Similarity)
        and part._parts[0]._same(sim)
        and isinstance(part._parts[1], Literal)
        and sim.index.metric != "l2"
    ):
        value = constant(part._parts[1]._literal, ColumnType("Float"))
        # the server's scores have fewer digits; what is just below is looked at again
        return None if value is None else float(value) - 1e-6
    return None


def _join(
    left: list[Row],
    right: list[Row],
    on: Expr | None,
    how: str,
    left_keys: list[str],
    right_keys: list[str],
    table: Definition,
) -> list[Row]:
    equal: list[tuple[Expr, Expr]] = []
    rest: list[Expr] = []
    for part in conjuncts(on):
        sides = _sides(part, table)
        if sides is None:
            rest.append(part)
        else:
            equal.append(sides)
    places: dict[str, list[int]] = {}
    for place, row in enumerate(right):
        values = [side[1]._value(row) for side in equal]
        if None not in values:
            places.setdefault(repr(values), []).append(place)
    joined: list[Row] = []
    matched = set()
    for row in left:
        values = [side[0]._value(row) for side in equal]
        found = False
        for place in [] if None in values else places.get(repr(values), []):
            both = {**row, **right[place]}
            if all(part._value(both) is True for part in rest):
                joined.append(both)
                matched.add(place)
                found = True
        if not found and how in ("left", "full_outer"):
            joined.append({**row, **dict.fromkeys(right_keys)})
    if how in ("right", "full_outer"):
        joined += [{**dict.fromkeys(left_keys), **row} for place, row in enumerate(right) if place not in matched]
    return joined


def _sides(part: Expr, table: Definition) -> tuple[Expr, Expr] | None:
    """Both sides of an equality between the tables so far and this one."""
    if not isinstance(part, Comparison) or part._symbol != "=":
        return None
    of_right = [
        {ref._table._path for ref in side._walk() if isinstance(ref, ColumnRef)} == {table._path}
        for side in part._parts
    ]
    if of_right == [False, True]:
        return part._parts[0], part._parts[1]
    if of_right == [True, False]:
        return part._parts[1], part._parts[0]
    return None


class _Sql:
    """Writes expressions in the server's SQL; values are always bound."""

    def __init__(self, table: Definition) -> None:
        self._table = table
        self.params: list[Any] = []

    def of(self, part: Expr) -> str | None:
        """None if the server's SQL has no such thing, or computes it otherwise than Python."""
        if isinstance(part, ColumnRef):
            if part._type.kind in ("Json", "Array", "Timestamp", "Date", "UUID", "Bool"):
                return None
            return '"' + part._stored.replace('"', '""') + '"'
        if isinstance(part, Literal):
            if isinstance(part._literal, bool) or not isinstance(part._literal, (int, float, str)):
                return None
            self.params.append(part._literal)
            return "?"
        if isinstance(part, Arithmetic) and part._symbol in ("+", "-", "*") and part._type.kind in ("Int", "Float"):
            return self._two(part._symbol, part)
        if isinstance(part, Comparison):
            if part.asks_for_missing:
                inner = self.of(part._parts[0])
                words = {"=": "is null", "!=": "is not null"}.get(part._symbol)
                return None if inner is None or words is None else f"({inner} {words})"
            kinds = {side._type.kind for side in part._parts}
            if not (kinds <= {"Int", "Float"} or kinds == {"String"}):
                return None
            return self._two(part._symbol, part)
        if isinstance(part, Junction):
            return self._two(part._word, part)
        if isinstance(part, Not):
            inner = self.of(part._parts[0])
            return None if inner is None else f"(not {inner})"
        if isinstance(part, IsIn) and not isinstance(part.values, Expr):
            inner = self.of(part._parts[0])
            values = [constant(value, part._parts[0]._type) for value in part.values]
            if inner is None or not values or None in values:
                return None
            self.params += values
            return f"({inner} in ({', '.join('?' * len(values))}))"
        if isinstance(part, Aggregate) and part._word in ("sum", "count", "min", "max", "mean"):
            inner = self.of(part._parts[0])
            return None if inner is None else f"{'avg' if part._word == 'mean' else part._word}({inner})"
        return None

    def _two(self, word: str, part: Expr) -> str | None:
        left, right = (self.of(side) for side in part._parts)
        return None if left is None or right is None else f"({left} {word} {right})"

    def run(self, text: str) -> Any:
        """The rows; None if the server refuses, and the work is to be done here."""
        try:
            rows = self._table._client.sql(text, self.params)
        except InvalidRequestError:
            return None
        return None if len(rows) >= MOST_OF_SQL else rows


class Cursor:
    """Rows of a query one by one: iterate over it, or use it as a context manager."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._closed = False

    @property
    def schema(self) -> dict[str, str]:
        return {name: repr(kind) for name, kind in self._query.schema.items()}

    def open(self) -> None:
        self._closed = False

    def close(self) -> None:
        self._closed = True

    def __enter__(self) -> Cursor:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if self._closed:
            raise RequestError("the cursor is closed")
        return iter(self._query.collect())
