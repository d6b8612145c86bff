"""What a query asks for, without the means to ask: immutable, so that queries can be kept and continued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from ._vectors import base64_of
from ._wire import given
from .filters import Condition, Field, Where, where_of
from .models import ColumnInfo, TableInfo
from .results import Frames

#: A column's name, a `col`, or `{"expression": ..., "as": ...}`.
Selected: TypeAlias = "str | Field | Mapping[str, Any]"
#: A text, a vector, or an array that becomes a list.
Question: TypeAlias = Any


@dataclass(frozen=True)
class QuerySpec:
    """The parts of a query; the order in which they were given does not matter."""

    selected: tuple[Any, ...] = ()
    conditions: tuple[Any, ...] = ()
    order: tuple[dict[str, str], ...] = ()
    limit: int | None = None
    offset: int | None = None
    distinct: bool = False
    similarity: dict[str, Any] | None = None
    include_vectors: bool | None = None
    include_meta: bool | None = None

    def selecting(self, columns: Sequence[Selected], computed: Mapping[str, str]) -> QuerySpec:
        entries: list[Any] = [column.name if isinstance(column, Field) else column for column in columns]
        entries += [{"expression": expression, "as": name} for name, expression in computed.items()]
        return replace(self, selected=self.selected + tuple(entries))

    def filtered(self, where: Where, params: Sequence[Any], equal: Mapping[str, Any]) -> QuerySpec:
        condition = where_of(where, params, equal)
        return self if condition is None else replace(self, conditions=(*self.conditions, condition))

    def ordered(self, column: str | Field, direction: str) -> QuerySpec:
        if direction not in ("asc", "desc"):
            raise ValueError(f"direction must be 'asc' or 'desc', not {direction!r}")
        name = column.name if isinstance(column, Field) else column
        return replace(self, order=(*self.order, {"column": name, "direction": direction}))

    def where_json(self) -> Any:
        if len(self.conditions) > 1:
            return {"and": list(self.conditions)}
        return self.conditions[0] if self.conditions else None

    def body(self, **further: Any) -> dict[str, Any]:
        """The request's JSON."""
        return given(
            select=list(self.selected) or None,
            where=self.where_json(),
            order_by=list(self.order) or None,
            limit=self.limit,
            offset=self.offset,
            distinct=self.distinct or None,
            similarity=self.similarity,
            include_vectors=self.include_vectors,
            include_meta=self.include_meta,
            encoding_format="base64" if self.include_vectors else None,
            **further,
        )

    def frames(self, table: TableInfo) -> Frames:
        """How the answer's columns are typed; expressions are not known beforehand."""
        encoded = (
            {column.name: column.dimensions or 0 for column in table.columns if column.type == "embedding"}
            if self.include_vectors
            else {}
        )
        columns: list[ColumnInfo] = []
        for entry in self.selected or ("*",):
            if entry == "*":
                columns += [c for c in table.columns if self.include_vectors or c.type != "embedding"]
            elif isinstance(entry, str) and entry in {column.name for column in table.columns}:
                columns.append(table.column(entry))
            elif isinstance(entry, str) and "." in entry:
                columns.append(ColumnInfo(entry, "json"))
            else:
                return Frames(None, encoded)
        if self.similarity:
            columns.append(ColumnInfo("similarity_score", "float"))
        if self.include_meta:
            columns += [ColumnInfo("version", "int"), ColumnInfo("changed_at", "timestamp")]
        if len({column.name for column in columns}) < len(columns):
            return Frames(None, encoded)
        return Frames(columns, encoded)


def vector_or_text(query: Question) -> Any:
    """
    Raises:
        TypeError: It is neither a text nor a vector.
    """
    if isinstance(query, str):
        return query
    listed = query.tolist() if hasattr(query, "tolist") else list(query) if isinstance(query, Sequence) else None
    if not isinstance(listed, list) or not all(isinstance(number, (int, float)) for number in listed):
        raise TypeError(f"a query is a text or a vector (a list of numbers), not {type(query).__name__}")
    return listed


def sought(query: Question) -> dict[str, str]:
    """The part of a request that says what is searched for: a text as it is, a vector in base64."""
    asked = vector_or_text(query)
    return {"query": asked} if isinstance(asked, str) else {"query_vector": base64_of(asked)}


def search_body(
    query: Question | None,
    column: str,
    limit: int,
    offset: int,
    where: Where,
    params: Sequence[Any],
    like: Any,
    threshold: float | None,
    select: Sequence[str] | None,
    include_vectors: bool,
    metric: str | None,
    hybrid: Any,
    mmr: Any,
    exact: bool,
    ef: int | None,
    probes: int | None,
    explain: bool,
    group: str | Mapping[str, Any] | None = None,
    input_type: str | None = None,
) -> dict[str, Any]:
    """The JSON of a search."""
    if (query is None) == (like is None):
        raise TypeError("a search needs a query or the key of a row that it looks like, not both")
    if isinstance(hybrid, str):
        hybrid = {"columns": [hybrid]}
    elif isinstance(hybrid, (list, tuple)):
        hybrid = {"columns": list(hybrid)}
    return given(
        **({} if query is None else sought(query)),
        like=None if like is None else {"key": like},
        column=column,
        limit=limit,
        offset=offset or None,
        filters=where_of(where, params),
        threshold=threshold,
        include_score=True,
        select=None if select is None else [select] if isinstance(select, str) else list(select),
        include_vectors=include_vectors or None,
        encoding_format="base64",
        metric=metric,
        hybrid=hybrid or None,
        mmr=mmr_of(mmr),
        group=group_of(group),
        input_type=input_type,
        exact=exact or None,
        ef=ef,
        probes=probes,
        explain=explain or None,
    )


def mmr_of(mmr: Any) -> Any:
    """Lambda alone stands for the rest."""
    return {"lambda": mmr} if isinstance(mmr, (int, float)) and not isinstance(mmr, bool) else mmr or None


def group_of(group: Any) -> Any:
    """The field alone stands for the rest."""
    return {"by": group} if isinstance(group, str) else group


def changed_rows(where: Where, params: Sequence[Any], equal: Mapping[str, Any]) -> Any:
    """The condition of a change, which has to be said.

    Raises:
        TypeError: There is none; `[]` means all rows.
    """
    if where is None and not equal:
        raise TypeError("say which rows: a condition, or [] for all")
    condition = where_of(where, params, equal)
    return [] if condition is None else condition


__all__ = ["Condition", "QuerySpec", "Question", "Selected", "changed_rows", "search_body"]
