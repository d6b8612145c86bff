"""Expressions over columns. A condition becomes a filter of the server where it can; everything can be computed here."""

from __future__ import annotations

import datetime
import importlib
import math
import operator
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ._types import MEDIA, ColumnType, shown, stored_name, type_of, type_of_value
from .exceptions import NotFoundError, NotSupported, RequestError

if TYPE_CHECKING:
    from ._definition import Definition

Row = Mapping[str, Any]


class Expr:
    """An expression. `_type` says what values it has, `_parts` are the expressions that it is made of. Its own names begin
    with `_`, since places in JSON may have any other.
    """

    _type: ColumnType
    _parts: tuple[Expr, ...] = ()
    __hash__ = object.__hash__

    # ---- what it is

    def _name(self) -> str | None:
        """The name of its column in a result; None if it has none of its own."""
        return None

    def _value(self, row: Row) -> Any:
        """Its value in a row, whose keys are those of `ColumnRef._key`."""
        raise NotImplementedError

    def _to_json(self) -> Any:
        """What is kept with a table, so that other programs compute its columns."""
        raise NotSupported(f"{self!r} cannot be kept with a table")

    def _walk(self) -> Iterator[Expr]:
        yield self
        for part in self._parts:
            yield from part._walk()

    def _same(self, other: Expr) -> bool:
        return repr(self) == repr(other)

    # ---- operators

    def _binary(self, symbol: str, other: Any, swapped: bool = False) -> Expr:
        right = expr_of(other)
        return Arithmetic(symbol, right, self) if swapped else Arithmetic(symbol, self, right)

    def __add__(self, other: Any) -> Expr:
        return self._binary("+", other)

    def __radd__(self, other: Any) -> Expr:
        return self._binary("+", other, True)

    def __sub__(self, other: Any) -> Expr:
        return self._binary("-", other)

    def __rsub__(self, other: Any) -> Expr:
        return self._binary("-", other, True)

    def __mul__(self, other: Any) -> Expr:
        return self._binary("*", other)

    def __rmul__(self, other: Any) -> Expr:
        return self._binary("*", other, True)

    def __truediv__(self, other: Any) -> Expr:
        return self._binary("/", other)

    def __rtruediv__(self, other: Any) -> Expr:
        return self._binary("/", other, True)

    def __floordiv__(self, other: Any) -> Expr:
        return self._binary("//", other)

    def __rfloordiv__(self, other: Any) -> Expr:
        return self._binary("//", other, True)

    def __mod__(self, other: Any) -> Expr:
        return self._binary("%", other)

    def __rmod__(self, other: Any) -> Expr:
        return self._binary("%", other, True)

    def __pow__(self, other: Any) -> Expr:
        return self._binary("**", other)

    def __neg__(self) -> Expr:
        return self._binary("*", -1)

    def __abs__(self) -> Expr:
        return Call(builtin("abs"), (self,), {})

    def __round__(self, digits: int | None = None) -> Expr:
        return Call(builtin("round"), (self,) if digits is None else (self, expr_of(digits)), {})

    def __eq__(self, other: object) -> Expr:  # type: ignore[override]
        return Comparison("=", self, expr_of(other))

    def __ne__(self, other: object) -> Expr:  # type: ignore[override]
        return Comparison("!=", self, expr_of(other))

    def __lt__(self, other: Any) -> Expr:
        return Comparison("<", self, expr_of(other))

    def __le__(self, other: Any) -> Expr:
        return Comparison("<=", self, expr_of(other))

    def __gt__(self, other: Any) -> Expr:
        return Comparison(">", self, expr_of(other))

    def __ge__(self, other: Any) -> Expr:
        return Comparison(">=", self, expr_of(other))

    def __and__(self, other: Any) -> Expr:
        return Junction("and", self, expr_of(other))

    def __rand__(self, other: Any) -> Expr:
        return Junction("and", expr_of(other), self)

    def __or__(self, other: Any) -> Expr:
        return Junction("or", self, expr_of(other))

    def __ror__(self, other: Any) -> Expr:
        return Junction("or", expr_of(other), self)

    def __invert__(self) -> Expr:
        return Not(self)

    def __bool__(self) -> bool:
        raise TypeError(
            f"Pixeltable expressions cannot be used in conjunction with Python boolean operators (and/or/not)\n{self!r}"
        )

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("a Pixeltable expression is not iterable")

    def isin(self, values: Any) -> Expr:
        """Whether the value is one of these."""
        return IsIn(self, values)

    def astype(self, form: Any) -> Expr:
        """The value, taken as of another type."""
        return Cast(self, type_of(form))

    def apply(self, function: Callable[..., Any], *, col_type: Any = None) -> Expr:
        """The function of the value, computed here."""
        from .functions import Function, return_type

        kind = type_of(col_type) if col_type is not None else return_type(function)
        return Call(Function(getattr(function, "__name__", "apply"), function, kind), (self,), {})

    def __getitem__(self, index: Any) -> Expr:
        if self._type.kind in ("Json", "Array"):
            return JsonPath(self, (index,))
        raise AttributeError(f"{self!r} of type {self._type} has no places inside")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self._type.kind == "Json":
            return JsonPath(self, (name,))
        if self._type.kind in MEDIA and name in ("fileurl", "localpath"):
            if name == "fileurl":
                return self  # addresses are what is kept
            raise NotSupported("localpath is not there: AkiDB keeps addresses of media, not their files")
        from .functions import METHODS

        method = METHODS.get(self._type.kind, {}).get(name)
        if method is None:
            raise AttributeError(f"{self!r} of type {self._type} has no {name}")
        if getattr(method, "is_property", False):
            return Call(method, (self,), {})

        def bound(*arguments: Any, **named: Any) -> Expr:
            return _as_method(method(self, *arguments, **named))

        return bound


def expr_of(value: Any) -> Expr:
    """An expression as it is; dicts and lists with expressions inside; any other value as a literal."""
    if isinstance(value, Expr):
        return value
    if isinstance(value, Mapping) and any(isinstance(part, Expr) or _inside(part) for part in value.values()):
        return Inline(dict(value))
    if isinstance(value, (list, tuple)) and any(isinstance(part, Expr) or _inside(part) for part in value):
        return Inline(list(value))
    return Literal(value)


def _inside(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(isinstance(part, Expr) or _inside(part) for part in value.values())
    return isinstance(value, (list, tuple)) and any(isinstance(part, Expr) or _inside(part) for part in value)


class Literal(Expr):
    """A value."""

    def __init__(self, value: Any) -> None:
        self._literal = value
        self._type = type_of_value(value)

    def _name(self) -> str | None:
        return "literal"

    def _value(self, row: Row) -> Any:
        return self._literal

    def _to_json(self) -> Any:
        return {"literal": self._literal}

    def __repr__(self) -> str:
        return repr(self._literal)


class ColumnRef(Expr):
    """A column of a table."""

    def __init__(self, table: Definition, column: str, type: ColumnType) -> None:
        self._table = table
        self._column = column
        self._type = type

    @property
    def _key(self) -> str:
        """Its name in the rows that expressions are computed of."""
        return f"{self._table._id}.{self._column}"

    @property
    def _stored(self) -> str:
        """AkiDB's name of it."""
        return stored_name(self._column)

    def _name(self) -> str | None:
        return self._column

    def _value(self, row: Row) -> Any:
        return row[self._key]

    def _to_json(self) -> Any:
        return {"column": self._column}

    def __repr__(self) -> str:
        return self._column

    def similarity(
        self,
        item: Any = None,
        *,
        string: str | None = None,
        vector: Any = None,
        image: Any = None,
        audio: Any = None,
        video: Any = None,
        document: Any = None,
        idx: str | None = None,
    ) -> Expr:
        """How similar the column's values are to a text, or to a vector, by an embedding index of the column."""
        if image is not None or audio is not None or video is not None or document is not None:
            raise NotSupported("AkiDB embeds texts; embed media in your program, and search by vector=")
        query = next((given for given in (string, vector, item) if given is not None), None)
        if query is None:
            raise RequestError("similarity() needs a string or a vector")
        return Similarity(self, query, self._table._index_of(self._column, idx))

    def embedding(self, *, idx: str | None = None) -> Expr:
        """The vectors of an embedding index."""
        index = self._table._index_of(self._column, idx)
        kind = ColumnType("Array", True, (index.dimensions,), "float32")
        return ColumnRef(self._table, index.stored_column, kind)

    def recompute(self, *, cascade: bool = True, errors_only: bool = False) -> Any:
        """Computes the column's values anew."""
        return self._table.recompute_columns(self._column, cascade=cascade, errors_only=errors_only)


class KeyRef(ColumnRef):
    """The key of a table, which Pixeltable does not show where AkiDB numbers the rows."""

    @property
    def _stored(self) -> str:
        return self._table._key


class JsonPath(Expr):
    """A place in a value of type Json."""

    def __init__(self, anchor: Expr, path: tuple[Any, ...]) -> None:
        if isinstance(anchor, JsonPath):
            anchor, path = anchor._anchor, anchor._path + path
        self._anchor: Expr = anchor
        self._path = path
        self._parts = (anchor,)
        self._type = ColumnType("Json", True)

    def _name(self) -> str | None:
        """Dots become underscores, and what is no letter or digit goes, underscores of names too."""
        path = "".join(str(step) if isinstance(step, int) else f".{step}" for step in self._path).removeprefix(".")
        text = f"{self._anchor._name()}.{path}"
        clean = "".join(letter if letter.isalnum() and letter.isascii() else "_" * (letter == ".") for letter in text)
        return clean.lstrip("_") or None

    def _value(self, row: Row) -> Any:
        value = self._anchor._value(row)
        for step in self._path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def __call__(self, *arguments: Any, **named: Any) -> Expr:
        """A method of what is at the place before the last step: `t.facts.tags.len()`."""
        from .functions import METHODS

        *path, name = self._path
        method = METHODS["Json"].get(name)
        if method is None:
            raise AttributeError(f"Json has no method {name!r}")
        of = JsonPath(self._anchor, tuple(path)) if path else self._anchor
        return _as_method(method(of, *arguments, **named))

    def _to_json(self) -> Any:
        return {"path": list(self._path), "of": self._anchor._to_json()}

    def __repr__(self) -> str:
        return repr(self._anchor) + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self._path)


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}


class Arithmetic(Expr):
    """`+ - * / // % **`; a missing value makes the result missing."""

    def __init__(self, symbol: str, left: Expr, right: Expr) -> None:
        self._symbol = symbol
        self._parts = (left, right)
        nullable = left._type.nullable or right._type.nullable
        kinds = {left._type.kind, right._type.kind}
        if symbol == "+" and kinds <= {"String", "Json"} and "String" in kinds:
            self._type = ColumnType("String", nullable)
        elif not kinds <= {"Int", "Float", "Json"}:
            raise RequestError(
                f"{left!r} {symbol} {right!r}: operator is not defined for {left._type.kind} and {right._type.kind}"
            )
        elif symbol == "/" or "Float" in kinds or "Json" in kinds:
            self._type = ColumnType("Float" if "Json" not in kinds else "Json", nullable)
        else:
            self._type = ColumnType("Int", nullable)

    def _value(self, row: Row) -> Any:
        left, right = (part._value(row) for part in self._parts)
        if left is None or right is None:
            return None
        return _ARITHMETIC[self._symbol](left, right)

    def _to_json(self) -> Any:
        return {"arithmetic": self._symbol, "of": [part._to_json() for part in self._parts]}

    def __repr__(self) -> str:
        return f"{_inner(self._parts[0])} {self._symbol} {_inner(self._parts[1])}"


def _inner(part: Expr) -> str:
    return f"({part!r})" if isinstance(part, (Arithmetic, Comparison, Junction)) else repr(part)


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Comparison(Expr):
    """A comparison; with a missing value it is neither true nor false, except that `== None` asks for just that."""

    def __init__(self, symbol: str, left: Expr, right: Expr) -> None:
        if isinstance(left, Literal) and not isinstance(right, Literal):
            left, right, symbol = right, left, _TURNED[symbol]
        self._symbol = symbol
        self._parts = (left, right)
        self._type = ColumnType("Bool", left._type.nullable or right._type.nullable)

    @property
    def asks_for_missing(self) -> bool:
        right = self._parts[1]
        return isinstance(right, Literal) and right._literal is None

    def _value(self, row: Row) -> Any:
        left = self._parts[0]._value(row)
        if self.asks_for_missing and self._symbol in ("=", "!="):
            return (left is None) == (self._symbol == "=")
        right = self._parts[1]._value(row)
        if left is None or right is None:
            return None
        if isinstance(right, datetime.datetime) and right.tzinfo is None:
            right = right.astimezone()
        try:
            return bool(_COMPARISONS[self._symbol](left, right))
        except TypeError:
            return None

    def _to_json(self) -> Any:
        return {"comparison": self._symbol, "of": [part._to_json() for part in self._parts]}

    def __repr__(self) -> str:
        symbol = "==" if self._symbol == "=" else self._symbol
        return f"{_inner(self._parts[0])} {symbol} {_inner(self._parts[1])}"


class Junction(Expr):
    """`&` and `|`, with SQL's rules for what is neither true nor false."""

    def __init__(self, word: str, left: Expr, right: Expr) -> None:
        for part in (left, right):
            if part._type.kind != "Bool":
                raise RequestError(f"{part!r} needs to be of type Bool, but is of type {part._type}")
        self._word = word
        self._parts = (left, right)
        self._type = ColumnType("Bool", left._type.nullable or right._type.nullable)

    def _value(self, row: Row) -> Any:
        left, right = (part._value(row) for part in self._parts)
        decisive = self._word == "or"
        if left is decisive or right is decisive:
            return decisive
        return None if left is None or right is None else not decisive

    def _to_json(self) -> Any:
        return {"junction": self._word, "of": [part._to_json() for part in self._parts]}

    def __repr__(self) -> str:
        return f"({self._parts[0]!r}) {'&' if self._word == 'and' else '|'} ({self._parts[1]!r})"


class Not(Expr):
    """`~`."""

    def __init__(self, part: Expr) -> None:
        self._parts = (part,)
        self._type = ColumnType("Bool", part._type.nullable)

    def _value(self, row: Row) -> Any:
        value = self._parts[0]._value(row)
        return None if value is None else not value

    def _to_json(self) -> Any:
        return {"not": self._parts[0]._to_json()}

    def __repr__(self) -> str:
        return f"~({self._parts[0]!r})"


class IsIn(Expr):
    """Whether a value is one of several, or is in a list that the row itself has."""

    def __init__(self, part: Expr, values: Any) -> None:
        self.values = values
        self._parts = (part, values) if isinstance(values, Expr) else (part,)
        self._type = ColumnType("Bool", part._type.nullable)

    def _value(self, row: Row) -> Any:
        value = self._parts[0]._value(row)
        among = self.values._value(row) if isinstance(self.values, Expr) else self.values
        return None if value is None or among is None else value in list(among)

    def _to_json(self) -> Any:
        among = self.values._to_json() if isinstance(self.values, Expr) else {"literal": list(self.values)}
        return {"isin": self._parts[0]._to_json(), "among": among}

    def __repr__(self) -> str:
        return f"{self._parts[0]!r}.isin({self.values!r})"


class Cast(Expr):
    """A value taken as of another type."""

    def __init__(self, part: Expr, type: ColumnType) -> None:
        self._parts = (part,)
        self._type = type.or_none() if part._type.nullable else type

    def _value(self, row: Row) -> Any:
        value = self._parts[0]._value(row)
        if value is None:
            return None
        if self._type.kind == "Float" and isinstance(value, (int, float)):
            return float(value)
        if self._type.kind == "Int" and isinstance(value, (int, float)):
            return int(value)
        if self._type.kind == "String" and not isinstance(value, str):
            raise RequestError(
                f"In row 0 the expression {self!r} encountered exception TypeError: Expected string, got {type(value).__name__}"
            )
        return shown(value, self._type) if isinstance(value, (str, list)) else value

    def _to_json(self) -> Any:
        return {"cast": self._type.to_json(), "of": self._parts[0]._to_json()}

    def __repr__(self) -> str:
        return f"{self._parts[0]!r}.astype({self._type})"


class Inline(Expr):
    """A dict or a list with expressions inside."""

    def __init__(self, content: Any) -> None:
        items = content.values() if isinstance(content, dict) else content
        self._parts = tuple(expr_of(part) for part in items)
        self._names = list(content) if isinstance(content, dict) else None
        self._type = ColumnType("Json")

    def _value(self, row: Row) -> Any:
        values = [part._value(row) for part in self._parts]
        return values if self._names is None else dict(zip(self._names, values))

    def _to_json(self) -> Any:
        return {"inline": self._names, "of": [part._to_json() for part in self._parts]}

    def __repr__(self) -> str:
        if self._names is None:
            return f"[{', '.join(map(repr, self._parts))}]"
        return "{" + ", ".join(f"{name!r}: {part!r}" for name, part in zip(self._names, self._parts)) + "}"


class Call(Expr):
    """A function of values."""

    _method = False

    def __init__(self, function: Any, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        self._function = function
        self._arguments = tuple(expr_of(argument) for argument in arguments)
        self._named = {name: expr_of(argument) for name, argument in named.items()}
        self._parts = (*self._arguments, *self._named.values())
        nullable = any(part._type.nullable for part in self._parts)
        kind = function.type_for(self._arguments, self._named)
        self._type = kind.or_none() if nullable else kind

    def _name(self) -> str | None:
        return self._function.name  # type: ignore[no-any-return]

    def _value(self, row: Row) -> Any:
        arguments = [part._value(row) for part in self._arguments]
        named = {name: part._value(row) for name, part in self._named.items()}
        return self._function.run(arguments, named)

    def _to_json(self) -> Any:
        return {
            "call": self._function.reference(),
            "of": [part._to_json() for part in self._arguments],
            "named": {name: part._to_json() for name, part in self._named.items()},
        }

    def __repr__(self) -> str:
        given = [*map(repr, self._arguments), *(f"{name}={part!r}" for name, part in self._named.items())]
        owner = f"{given.pop(0)}." if self._method else ""
        return f"{owner}{self._function.name}({', '.join(given)})"


def _as_method(call: Expr) -> Expr:
    """The call of a function that was written as a method of its first argument."""
    if isinstance(call, Call):
        call._method = True
    return call


class Aggregate(Expr):
    """A function of the values of all rows, or of those of a group. Missing ones do not count."""

    def __init__(self, word: str, part: Expr) -> None:
        if word in ("sum", "mean") and part._type.kind not in ("Int", "Float", "Json", "Bool"):
            raise RequestError(f"Function {word!r} has no matching signature for arguments ({part._type})")
        self._word = word
        self._parts = (part,)
        kinds = {"count": ColumnType("Int"), "mean": ColumnType("Float", True)}
        self._type = kinds.get(word, part._type.or_none())

    def _name(self) -> str | None:
        return self._word

    def _value(self, row: Row) -> Any:
        try:
            return row[f"aggregate.{self!r}"]
        except KeyError:
            raise RequestError(f"{self!r} can only be selected") from None

    def of(self, rows: list[Row]) -> Any:
        """Its value over rows."""
        values = [value for value in (self._parts[0]._value(row) for row in rows) if value is not None]
        if self._word == "count":
            return len(values)
        if not values:
            return None
        if self._word == "sum":
            return math.fsum(values) if any(isinstance(value, float) for value in values) else sum(values)
        if self._word == "mean":
            return math.fsum(values) / len(values)
        if self._word == "make_list":
            return values
        return min(values) if self._word == "min" else max(values)

    def __repr__(self) -> str:
        return f"{self._word}({self._parts[0]!r})"


class Similarity(Expr):
    """How similar the vectors of an index are to a text or a vector. Computed by the server wherever it can be."""

    def __init__(self, column: ColumnRef, query: Any, index: Any) -> None:
        self._column = column
        self.index = index
        self.query = query.tolist() if hasattr(query, "tolist") else query
        self._type = ColumnType("Float", True)
        self.stored = ColumnRef(
            column._table, index.stored_column, ColumnType("Array", True, (index.dimensions,), "float32")
        )
        self._vector: Any = None
        if isinstance(self.query, Expr):
            raise NotSupported("similarity() with a column as query: search once for each row instead")

    @property
    def _key(self) -> str:
        """Where a search of the server puts its score into rows."""
        return f"similarity.{self.stored._key}"

    def _name(self) -> str | None:
        return "similarity"

    def vector(self) -> Any:
        """The vector of the query."""
        import numpy

        if self._vector is None:
            query = self.query
            if isinstance(query, str):
                query = self.index.vector_of(query)
            self._vector = numpy.asarray(query, dtype="float64")
        return self._vector

    def _value(self, row: Row) -> Any:
        import numpy

        if self._key in row:
            return self.of_score(row[self._key])
        stored = row[self.stored._key]
        if stored is None:
            return None
        vector = numpy.asarray(stored, dtype="float64")
        if self.index.metric == "l2":
            return float(numpy.linalg.norm(vector - self.vector()))
        product = float(vector @ self.vector())
        if self.index.metric == "cosine":
            lengths = float(numpy.linalg.norm(vector) * numpy.linalg.norm(self.vector()))
            return product / lengths if lengths else 0.0
        return product

    def of_score(self, score: float) -> float:
        """The server says 1 / (1 + distance); Pixeltable the distance."""
        return 1.0 / score - 1.0 if self.index.metric == "l2" else score

    def __repr__(self) -> str:
        return f"{self._column!r}.similarity({str(self.query)[:60]!r}, idx={self.index.name})"


def from_json(content: Any, table: Definition) -> Expr:
    """The expression that `to_json` wrote, over a table's columns."""

    def of(part: Any) -> Expr:
        return from_json(part, table)

    if "column" in content:
        return table._ref(content["column"])
    if "literal" in content:
        return Literal(content["literal"])
    if "path" in content:
        return JsonPath(of(content["of"]), tuple(content["path"]))
    if "arithmetic" in content:
        return Arithmetic(content["arithmetic"], *map(of, content["of"]))
    if "comparison" in content:
        return Comparison(content["comparison"], *map(of, content["of"]))
    if "junction" in content:
        return Junction(content["junction"], *map(of, content["of"]))
    if "not" in content:
        return Not(of(content["not"]))
    if "isin" in content:
        among = of(content["among"])
        return IsIn(of(content["isin"]), among._literal if isinstance(among, Literal) else among)
    if "cast" in content:
        return Cast(of(content["of"]), ColumnType.from_json(content["cast"]))
    if "inline" in content:
        parts = [of(part) for part in content["of"]]
        return Inline(parts if content["inline"] is None else dict(zip(content["inline"], parts)))
    named = {name: of(part) for name, part in content["named"].items()}
    return Call(function_of(content["call"]), tuple(map(of, content["of"])), named)


def function_of(reference: Mapping[str, Any]) -> Any:
    """The function that a table was computed with.

    Raises:
        NotFoundError: Its module is not here.
    """
    from .functions import HERE, KNOWN

    name = reference["name"]
    if name in HERE:
        return HERE[name]
    if name in KNOWN:
        return KNOWN[name].using(**reference["using"]) if reference.get("using") else KNOWN[name]
    module, _, attribute = name.rpartition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as problem:
        raise NotFoundError(
            f"the function {name!r}, which a column is computed with, cannot be imported: {problem}"
        ) from None


def builtin(name: str) -> Any:
    from .functions import KNOWN

    return KNOWN[name]


# ---- conditions as filters of the server


def filter_of(part: Expr) -> Any:
    """The filter of AkiDB that lets the same rows pass; None if there is none."""
    if isinstance(part, Junction):
        sides = [filter_of(side) for side in part._parts]
        return None if None in sides else {part._word: sides}
    if isinstance(part, Not):
        inner = filter_of(part._parts[0])
        return None if inner is None else {"not": inner}
    if isinstance(part, Comparison):
        place, right = place_of(part._parts[0]), part._parts[1]
        if place is None or not isinstance(right, Literal):
            return None
        if right._literal is None:
            words = {"=": "is null", "!=": "is not null"}
            return {"column": place, "operator": words[part._symbol]} if part._symbol in words else None
        value = constant(right._literal, part._parts[0]._type)
        if value is None or (part._parts[0]._type.kind == "Bool" and part._symbol not in ("=", "!=")):
            return None
        if part._parts[0]._type.kind == "Json" and part._symbol == "!=":
            return None  # the server lets values of other kinds pass, which is the same; missing ones differ by path
        return {"column": place, "operator": part._symbol, "value": value}
    if isinstance(part, IsIn) and not isinstance(part.values, Expr):
        place = place_of(part._parts[0])
        values = [constant(value, part._parts[0]._type) for value in part.values]
        if place is None or None in values or not 0 < len(values) <= 5000:
            return None
        return {"column": place, "operator": "in", "value": values}
    if isinstance(part, Call):
        return _text_filter(part)
    if isinstance(part, ColumnRef) and part._type.kind == "Bool":
        return {"column": part._stored, "operator": "=", "value": True}
    return None


def _text_filter(part: Call) -> Any:
    name = getattr(part._function, "like", None)
    if name is None or len(part._arguments) != 2 or part._named or not isinstance(part._arguments[1], Literal):
        return None
    place, text = place_of(part._arguments[0]), part._arguments[1]._literal
    if place is None or not isinstance(text, str):
        return None
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {"column": place, "operator": "like", "value": name.replace("?", escaped)}


def place_of(part: Expr) -> str | None:
    """The name by which a filter knows this column, or place in a json column."""
    if isinstance(part, ColumnRef) and part._type.kind not in ("Array", "Json"):
        return part._stored
    if isinstance(part, ColumnRef) and part._type.kind == "Json":
        return part._stored
    if (
        isinstance(part, JsonPath)
        and isinstance(part._anchor, ColumnRef)
        and all(isinstance(step, str) for step in part._path)
    ):
        steps = [step.replace("\\", "\\\\").replace(".", "\\.") for step in part._path]
        return ".".join([part._anchor._stored, *steps])
    return None


def constant(value: Any, kind: ColumnType) -> Any:
    """The value as a filter has it; None if a filter cannot have it."""
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        value = value.item()
    if kind.kind == "Int" and isinstance(value, float):
        return int(value) if value.is_integer() else None
    if kind.kind == "Timestamp":
        return value.astimezone(datetime.timezone.utc) if isinstance(value, datetime.datetime) else None
    if kind.kind == "Date":
        return value.isoformat() if isinstance(value, datetime.date) else None
    if kind.kind == "UUID":
        return str(value) if isinstance(value, (str, uuid.UUID)) else None
    expected: dict[str, tuple[type, ...]] = {
        "String": (str,), "Int": (int,), "Float": (int, float), "Bool": (bool,), "Json": (str, int, float, bool),
    }  # fmt: skip
    if kind.kind not in expected or not isinstance(value, expected[kind.kind]):
        return None
    if kind.kind in ("Int", "Float") and isinstance(value, bool):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def conjuncts(part: Expr | None) -> list[Expr]:
    """The conditions that all have to hold."""
    if part is None:
        return []
    if isinstance(part, Junction) and part._word == "and":
        return [*conjuncts(part._parts[0]), *conjuncts(part._parts[1])]
    return [part]
