"""`pixeltable.functions`, and functions of one's own: `@udf`, `@query`."""

from __future__ import annotations

import datetime
import functools
import inspect
import json as json_module
import math as python_math
import re
import secrets
import sys
import textwrap
import time
import types
import typing
import unicodedata
import uuid as uuid_module
import zoneinfo
from collections.abc import Callable, Mapping
from typing import Any

from ._exprs import Aggregate, Call, Expr, expr_of
from ._types import ColumnType, type_of
from .exceptions import NotSupported, RequestError

#: Names of Hugging Face that AkiDB knows by another.
MODELS = {
    "all-MiniLM-L6-v2": "sentence-transformers/all-MiniLM-L6-v2",
    "text-embedding-ada-002": "openai/text-embedding-ada-002",
    "text-embedding-3-small": "openai/text-embedding-3-small",
    "text-embedding-3-large": "openai/text-embedding-3-large",
}


class Function:
    """A function of values, to be called with columns.

    Attributes:
        name: Its name, which a column gets that shows it.
        model: The server's model that it embeds with; None for all others.
        key: What `KNOWN` has it under; None if it is no function of Pixeltable's own.
        like: The pattern of a filter that means the same, with `?` for the text; None if there is none.
        is_property: Whether it is written without parentheses, such as `t.when.year`.
    """

    model: str | None = None
    key: str | None = None

    def __init__(
        self,
        name: str,
        function: Callable[..., Any],
        type: ColumnType | Callable[[tuple[Expr, ...]], ColumnType],
        *,
        like: str | None = None,
        is_property: bool = False,
        missing: bool = False,
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.function = function
        self.like = like
        self.is_property = is_property
        self._type = type
        self._missing = missing
        self._given = dict(given or {})

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """A call of it over columns."""
        return Call(self, arguments, {**self._given, **named})

    def using(self, **named: Any) -> Function:
        """The same function with some arguments given."""
        made = Function(
            self.name, self.function, self._type, like=self.like, missing=self._missing, given={**self._given, **named}
        )
        made.key = self.key
        return made

    def type_for(self, arguments: tuple[Expr, ...], named: Mapping[str, Expr]) -> ColumnType:
        try:
            inspect.signature(self.function).bind(*arguments, **named)
        except ValueError:
            pass  # a function of C says nothing of its arguments
        return self._type if isinstance(self._type, ColumnType) else self._type(arguments)

    def run(self, arguments: list[Any], named: Mapping[str, Any]) -> Any:
        """Its value; missing if an argument is, unless the function wants to know."""
        if not self._missing and (None in _plain(arguments) or None in _plain(list(named.values()))):
            return None
        return self.function(*arguments, **named)

    def reference(self) -> dict[str, Any]:
        """How it is found again: by other programs only if it is in a module that they can import too."""
        if self.key:
            return {"name": self.key, "using": self._given}
        name = f"{getattr(self.function, '__module__', None)}:{getattr(self.function, '__qualname__', self.name)}"
        unique, number = name, 1
        while HERE.setdefault(unique, self) is not self:
            unique, number = f"{name}#{number + 1}", number + 1
        return {"name": unique}

    def __repr__(self) -> str:
        return f"{self.name}()"


def _plain(values: list[Any]) -> list[Any]:
    return [value if value is None else 0 for value in values]


class Embedder(Function):
    """A function that embeds texts by a model of the server."""

    def __init__(self, name: str, model: str | None = None) -> None:
        super().__init__(name, self._embed, ColumnType("Array", False, None, "float32"))
        self.model = model

    def __call__(self, text: Any, *, model_id: str | None = None, model: str | None = None, **ignored: Any) -> Any:
        return Call(self.using(model_id=model_id or model), (text,), {})

    def using(self, *, model_id: str | None = None, model: str | None = None, **ignored: Any) -> Embedder:
        """With a model, by the name that Hugging Face or OpenAI give it."""
        name = model_id or model or self.model
        if name is None:
            raise RequestError(f"{self.name}() needs a model")
        return Embedder(self.name, MODELS.get(name, name))

    def _embed(self, text: str) -> Any:
        import numpy

        from ._catalog import client

        return numpy.asarray(client().embed(text, model=self.model).vectors[0], dtype="float32")

    def type_for(self, arguments: tuple[Expr, ...], named: Mapping[str, Expr]) -> ColumnType:
        return ColumnType("Array", False, (self.dimensions(),), "float32")

    def dimensions(self) -> int:
        """Length of the model's vectors."""
        from ._catalog import client
        from .exceptions import translated

        with translated():
            return client().embed("length", model=self.model).dimension

    def reference(self) -> dict[str, Any]:
        return {"name": self.name, "using": {"model_id": self.model}}

    def __repr__(self) -> str:
        return f"{self.name}.using(model_id={self.model!r})"


def return_type(function: Callable[..., Any]) -> ColumnType:
    """What a function says that it returns.

    Raises:
        RequestError: It says nothing.
    """
    try:
        hints = typing.get_type_hints(function)
    except Exception:
        hints = getattr(function, "__annotations__", {})
    if "return" not in hints:
        name = getattr(function, "__name__", "function")
        raise RequestError(f"{name}(): the type of its result has to be said: a return annotation, or col_type=")
    return type_of(hints["return"])


def udf(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """A function of one's own, to be called with columns. It runs in this program: when rows are inserted or changed, or when
    results are read. Other programs that write to the table import it from the same module.
    """
    if function is None:
        return lambda wrapped: udf(wrapped, **options)
    if inspect.iscoroutinefunction(function):
        return udf(_awaited(function), **options)
    kind = return_type(function)
    takes_none = any(type(None) in typing.get_args(hint) for name, hint in _hints(function).items() if name != "return")
    made = Function(function.__name__, function, kind, missing=takes_none)
    functools.update_wrapper(made, function)
    return made


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function)
    except Exception:
        return {}


def _awaited(function: Callable[..., Any]) -> Callable[..., Any]:
    import asyncio

    @functools.wraps(function)
    def waiting(*arguments: Any, **named: Any) -> Any:
        return asyncio.run(function(*arguments, **named))

    return waiting


def query(function: Callable[..., Any]) -> Function:
    """A query with parameters. Called with columns it gives, for each row, a list of the rows that it finds."""

    @functools.wraps(function)
    def rows(*arguments: Any, **named: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in function(*arguments, **named).collect()]

    made = Function(function.__name__, rows, ColumnType("Json"))
    functools.update_wrapper(made, function)
    return made


def retrieval_udf(
    table: Any,
    name: str | None = None,
    description: str | None = None,
    parameters: Any = None,
    limit: int | None = 10,
) -> Function:
    """A function that gives the rows of a table whose columns have the values that it is called with."""
    columns = [getattr(column, "_column", column) for column in parameters or table.columns()]

    def found(**values: Any) -> list[dict[str, Any]]:
        condition: Any = None
        for column in columns:
            one = table[column] == values[column]
            condition = one if condition is None else condition & one
        chosen = table.where(condition)
        return [dict(row) for row in (chosen if limit is None else chosen.limit(limit)).collect()]

    found.__name__ = name or table._name
    found.__doc__ = description
    return Function(found.__name__, found, ColumnType("Json"))


# ---- the functions themselves

KNOWN: dict[str, Function] = {}
#: Functions of this program that tables are computed with, by what is kept of them.
HERE: dict[str, Function] = {}
METHODS: dict[str, dict[str, Function]] = {
    "String": {},
    "Timestamp": {},
    "Date": {},
    "Int": {},
    "Float": {},
    "Array": {},
    "Json": {},
    "UUID": {},
}

_STRING = ColumnType("String")
_INT = ColumnType("Int")
_BOOL = ColumnType("Bool")
_FLOAT = ColumnType("Float")
_JSON = ColumnType("Json")


def _known(name: str, function: Callable[..., Any], type: Any, *owners: str, **options: Any) -> Function:
    """A function that columns of some types have as a method, and tables may be computed with."""
    made = Function(name, function, type, **options)
    made.key = name if name not in KNOWN else f"{owners[0].lower()}.{name}"
    KNOWN[made.key] = made
    for owner in owners:
        METHODS[owner][name] = made
    return made


def _same_type(arguments: tuple[Expr, ...]) -> ColumnType:
    return arguments[0]._type.not_none()


def _contains(text: str, pattern: str, case: bool = True) -> bool:
    return pattern in text if case else pattern.lower() in text.lower()


def _find(text: str, substring: str, start: int, end: int | None = None) -> int:
    return text.find(substring, start, end)


def _slice(text: str, start: int | None = None, stop: int | None = None, step: int | None = None) -> str:
    return text[slice(start, stop, step)]


def _replace(text: str, pattern: str, repl: str, n: int | None = None) -> str:
    return text.replace(pattern, repl, -1 if n is None else n)


def _format(template: str, *arguments: Any, **named: Any) -> str:
    return template.format(*arguments, **named)


def _pad(text: str, width: int, side: str = "left", fillchar: str = " ") -> str:
    if side == "both":
        return text.center(width, fillchar)
    return text.ljust(width, fillchar) if side == "left" else text.rjust(width, fillchar)


def _count(text: str, pattern: str, flags: int = 0) -> int:
    return len(re.findall(pattern, text, flags))


def _replace_re(text: str, pattern: str, repl: str, n: int | None = None, flags: int = 0) -> str:
    return re.sub(pattern, repl, text, count=n or 0, flags=flags)


def _matches(matching: Callable[..., Any]) -> Callable[..., bool]:
    def matches(text: str, pattern: str, case: bool = True, flags: int = 0) -> bool:
        return bool(matching(pattern, text, flags if case else flags | re.IGNORECASE))

    return matches


def _partition(text: str, sep: str = " ") -> list[str]:
    return list(text.partition(sep))


def _rpartition(text: str, sep: str = " ") -> list[str]:
    before, found, after = text.rpartition(sep)
    return [before, found, after] if found else [after, "", ""]


def _slice_replace(text: str, start: int | None = None, stop: int | None = None, repl: str = "") -> str:
    return text[:start] + repl + text[stop:]


_STRINGS: dict[str, tuple[Callable[..., Any], ColumnType, dict[str, Any]]] = {
    "upper": (str.upper, _STRING, {}),
    "lower": (str.lower, _STRING, {}),
    "capitalize": (str.capitalize, _STRING, {}),
    "title": (str.title, _STRING, {}),
    "swapcase": (str.swapcase, _STRING, {}),
    "casefold": (str.casefold, _STRING, {}),
    "strip": (str.strip, _STRING, {}),
    "lstrip": (str.lstrip, _STRING, {}),
    "rstrip": (str.rstrip, _STRING, {}),
    "removeprefix": (str.removeprefix, _STRING, {}),
    "removesuffix": (str.removesuffix, _STRING, {}),
    "replace": (_replace, _STRING, {}),
    "reverse": (lambda text: text[::-1], _STRING, {}),
    "slice": (_slice, _STRING, {}),
    "repeat": (lambda text, n: text * n, _STRING, {}),
    "pad": (_pad, _STRING, {}),
    "center": (str.center, _STRING, {}),
    "ljust": (str.ljust, _STRING, {}),
    "rjust": (str.rjust, _STRING, {}),
    "zfill": (str.zfill, _STRING, {}),
    "format": (_format, _STRING, {}),
    "join": (lambda sep, elements: sep.join(elements), _STRING, {}),
    "split": (lambda text, sep=None, maxsplit=-1: text.split(sep, maxsplit), _JSON, {}),
    "partition": (_partition, _JSON, {}),
    "rpartition": (_rpartition, _JSON, {}),
    "rsplit": (lambda text, sep=None, maxsplit=-1: text.rsplit(sep, maxsplit), _JSON, {}),
    "splitlines": (lambda text, keepends=False: text.splitlines(keepends), _JSON, {}),
    "findall": (lambda text, pattern, flags=0: re.findall(pattern, text, flags), _JSON, {}),
    "wrap": (textwrap.wrap, _JSON, {}),
    "fill": (textwrap.fill, _STRING, {}),
    "normalize": (lambda text, form: unicodedata.normalize(form, text), _STRING, {}),
    "replace_re": (_replace_re, _STRING, {}),
    "slice_replace": (_slice_replace, _STRING, {}),
    "len": (len, _INT, {}),
    "find": (_find, _INT, {}),
    "rfind": (lambda text, sub, start=0, end=None: text.rfind(sub, start, end), _INT, {}),
    "index": (lambda text, sub, start=0, end=None: text.index(sub, start, end), _INT, {}),
    "rindex": (lambda text, sub, start=0, end=None: text.rindex(sub, start, end), _INT, {}),
    "count": (_count, _INT, {}),
    "contains_re": (lambda text, pattern, flags=0: bool(re.search(pattern, text, flags)), _BOOL, {}),
    "match": (_matches(re.match), _BOOL, {}),
    "fullmatch": (_matches(re.fullmatch), _BOOL, {}),
    "isascii": (str.isascii, _BOOL, {}),
    "isdecimal": (str.isdecimal, _BOOL, {}),
    "isidentifier": (str.isidentifier, _BOOL, {}),
    "contains": (_contains, _BOOL, {"like": "%?%"}),
    "startswith": (str.startswith, _BOOL, {"like": "?%"}),
    "endswith": (str.endswith, _BOOL, {"like": "%?"}),
    "isalnum": (str.isalnum, _BOOL, {}),
    "isalpha": (str.isalpha, _BOOL, {}),
    "isdigit": (str.isdigit, _BOOL, {}),
    "isnumeric": (str.isnumeric, _BOOL, {}),
    "islower": (str.islower, _BOOL, {}),
    "isupper": (str.isupper, _BOOL, {}),
    "isspace": (str.isspace, _BOOL, {}),
    "istitle": (str.istitle, _BOOL, {}),
}
for _name, (_function, _kind, _options) in _STRINGS.items():
    _known(_name, _function, _kind, "String", **_options)


def _field(name: str) -> Callable[[Any], int]:
    return lambda moment: int(getattr(moment, name))


def _isocalendar(moment: datetime.date) -> dict[str, int]:
    year, week, weekday = moment.isocalendar()
    return {"year": year, "week": week, "weekday": weekday}


def _with_fields(moment: Any, **fields: int | None) -> Any:
    return moment.replace(**{name: value for name, value in fields.items() if value is not None})


_TIMESTAMP, _DATE = ColumnType("Timestamp"), ColumnType("Date")
for _name in ("year", "month", "day"):
    _known(_name, _field(_name), _INT, "Timestamp", "Date", is_property=True)
for _name in ("hour", "minute", "second", "microsecond"):
    _known(_name, _field(_name), _INT, "Timestamp", is_property=True)
_known("weekday", lambda moment: moment.weekday(), _INT, "Timestamp", "Date")
_known("isoweekday", lambda moment: moment.isoweekday(), _INT, "Timestamp", "Date")
_known("toordinal", lambda moment: moment.toordinal(), _INT, "Timestamp", "Date")
_known("isocalendar", _isocalendar, _JSON, "Timestamp", "Date")
_known("isoformat", lambda moment, *rest, **named: moment.isoformat(*rest, **named), _STRING, "Timestamp")
_known("isoformat", lambda day, *rest, **named: day.isoformat(), _STRING, "Date")
_known("strftime", lambda moment, format: moment.strftime(format), _STRING, "Timestamp", "Date")
_known("replace", _with_fields, _same_type, "Timestamp", "Date")
_known("posix_timestamp", datetime.datetime.timestamp, _FLOAT, "Timestamp")
_known("date", datetime.datetime.date, _DATE, "Timestamp")
_known("astimezone", lambda moment, tz: moment.astimezone(zoneinfo.ZoneInfo(tz)), _TIMESTAMP, "Timestamp")
_known("strip_timezone", lambda moment: moment.replace(tzinfo=None), _TIMESTAMP, "Timestamp")
_known("add_days", lambda day, n: day + datetime.timedelta(days=n), _DATE, "Date")
_MAKERS = {
    "make_timestamp": _known("make_timestamp", lambda *parts: datetime.datetime(*parts).astimezone(), _TIMESTAMP),
    "make_date": _known("make_date", datetime.date, _DATE),
}


def _whole(rounded: Callable[[float], int]) -> Callable[[float], float]:
    return lambda number: float(rounded(number)) if python_math.isfinite(number) else number


_known("abs", abs, _same_type, "Int", "Float")
_known("round", lambda number, digits=None: round(number, digits or 0), _same_type, "Int", "Float")
_known("ceil", _whole(python_math.ceil), _FLOAT, "Int", "Float")
_known("floor", _whole(python_math.floor), _FLOAT, "Int", "Float")
_known("pow", lambda number, other: number**other, _FLOAT, "Int", "Float")
for _name in ("sqrt", "exp", "log", "log10"):
    _known(_name, getattr(python_math, _name), _FLOAT, "Int", "Float")
_known("to_int", int, _INT, "Int", "Float")
_known("to_float", float, _FLOAT, "Int", "Float")
_known("bitwise_and", lambda number, other: number & other, _INT, "Int")
_known("bitwise_or", lambda number, other: number | other, _INT, "Int")
_known("bitwise_xor", lambda number, other: number ^ other, _INT, "Int")


def _only(what: str, *kinds: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Refuses values of JSON of other kinds, as Pixeltable does."""

    def checked(function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__.strip("_")

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            if not isinstance(arguments[0], kinds):
                raise RequestError(f"{name}() is only defined for a JSON {what}")
            return function(*arguments, **named)

        return call

    return checked


def _numbers(value: Any, name: str) -> list[float]:
    if not isinstance(value, list) or not all(
        isinstance(part, (int, float)) and not isinstance(part, bool) for part in value
    ):
        raise RequestError(f"{name}() is only defined for a JSON array of numbers")
    return value


def _json_len(value: Any) -> int:
    if not isinstance(value, (list, dict, str)):
        raise RequestError(f"len() is not defined for a JSON {type(value).__name__}")
    return len(value)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (list, dict, str)) and not value)


def _json_contains(value: Any, part: Any) -> bool:
    return isinstance(value, (list, dict)) and part in value


def _get(value: Any, key: str, default: Any = None) -> Any:
    return value.get(key, default) if isinstance(value, dict) else default


def _json_sum(value: Any) -> float:
    return float(python_math.fsum(_numbers(value, "sum")))


def _json_least(value: Any) -> float | None:
    numbers = _numbers(value, "min")
    return float(sorted(numbers)[0]) if numbers else None


def _json_most(value: Any) -> float | None:
    numbers = _numbers(value, "max")
    return float(sorted(numbers)[-1]) if numbers else None


def _json_mean(value: Any) -> float | None:
    numbers = _numbers(value, "mean")
    return python_math.fsum(numbers) / len(numbers) if numbers else None


@_only("array", list)
def _json_count(value: list[Any], part: Any) -> int:
    return value.count(part)


_json_count.__name__ = "count"


@_only("object", dict)
def _keys(value: dict[str, Any]) -> list[str]:
    return list(value)


@_only("object", dict)
def _values(value: dict[str, Any]) -> list[Any]:
    return list(value.values())


@_only("object", dict)
def _items(value: dict[str, Any]) -> list[list[Any]]:
    return [list(item) for item in value.items()]


@_only("array", list)
def _flatten(value: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for part in value:
        flat += part if isinstance(part, list) else [part]
    return flat


def _concat(value: Any, other: Any) -> Any:
    if not (isinstance(value, list) and isinstance(other, list)):
        raise RequestError("concat() is only defined for two JSON arrays")
    return value + other


def _merge(value: Any, other: Any) -> Any:
    if not (isinstance(value, dict) and isinstance(other, dict)):
        raise RequestError("merge() is only defined for two JSON objects")
    return {**value, **other}


_OR_NONE = ColumnType("Float", True)
_known("len", _json_len, _INT, "Json")
_known("is_empty", _is_empty, _BOOL, "Json", missing=True)
_known("contains", _json_contains, _BOOL, "Json")
_known("get", _get, _JSON.or_none(), "Json", missing=True)
_known("sum", _json_sum, _FLOAT, "Json")
_known("min", _json_least, _OR_NONE, "Json")
_known("max", _json_most, _OR_NONE, "Json")
_known("mean", _json_mean, _OR_NONE, "Json")
_known("count", _json_count, _INT, "Json")
for _name, _function in (
    ("keys", _keys),
    ("values", _values),
    ("items", _items),
    ("flatten", _flatten),
    ("concat", _concat),
    ("merge", _merge),
):
    _known(_name, _function, _JSON, "Json")
_known("dumps", json_module.dumps, _STRING)

_UUID = ColumnType("UUID")
_known("to_string", str, _STRING, "UUID")
_known("hex", lambda value: value.hex, _STRING, "UUID")
_known("uuid4", uuid_module.uuid4, _UUID)


def _uuid7() -> uuid_module.UUID:
    """48 bits of milliseconds, then chance (RFC 9562)."""
    parts = (time.time_ns() // 1_000_000) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62
    return uuid_module.UUID(int=parts | secrets.randbits(62))


_known("uuid7", _uuid7, _UUID)

sentence_transformer = Embedder("sentence_transformer")
embeddings = Embedder("embeddings")
for _embedder in (sentence_transformer, embeddings):
    KNOWN[_embedder.name] = _embedder


def _aggregate(word: str) -> Callable[[Any], Aggregate]:
    def aggregate(column: Any) -> Aggregate:
        return Aggregate(word, expr_of(column))

    aggregate.__name__ = aggregate.__qualname__ = word
    aggregate.__doc__ = f"The {word} of a column's values, over all rows or each group."
    return aggregate


count = _aggregate("count")
sum = _aggregate("sum")
min = _aggregate("min")
max = _aggregate("max")
mean = _aggregate("mean")
make_list = _aggregate("make_list")


def _not_here(name: str, instead: str) -> Callable[..., Any]:
    def missing(*arguments: Any, **named: Any) -> Any:
        raise NotSupported(f"{name}() is not there: {instead}")

    missing.__name__ = name
    missing.using = missing  # type: ignore[attr-defined]
    return missing


def _module(name: str, doc: str, **members: Any) -> types.ModuleType:
    module = types.ModuleType(f"{__name__}.{name}", doc)
    vars(module).update(members)
    sys.modules[module.__name__] = module
    return module


_CLIP = "AkiDB embeds texts; embed images in your program, keep the vectors in a column of Array, and search by vector="
_CHAT = "write a @udf that calls the provider's own client"

string = _module("string", "Functions of texts.", **METHODS["String"])
timestamp = _module(
    "timestamp", "Functions of times.", **METHODS["Timestamp"], make_timestamp=_MAKERS["make_timestamp"]
)
date = _module("date", "Functions of days.", **METHODS["Date"], make_date=_MAKERS["make_date"])
math = _module("math", "Functions of numbers.", **{**METHODS["Float"], **METHODS["Int"]})
json = _module("json", "Functions of JSON.", **METHODS["Json"], make_list=make_list, dumps=KNOWN["dumps"])
uuid = _module("uuid", "Functions of UUIDs.", **METHODS["UUID"], uuid4=KNOWN["uuid4"], uuid7=KNOWN["uuid7"])
huggingface = _module(
    "huggingface",
    "Models of Hugging Face that the server runs.",
    sentence_transformer=sentence_transformer,
    clip=_not_here("clip", _CLIP),
    cross_encoder=_not_here("cross_encoder", _CHAT),
)
openai = _module(
    "openai",
    "Models of OpenAI, called by the server.",
    embeddings=embeddings,
    chat_completions=_not_here("chat_completions", _CHAT),
    vision=_not_here("vision", _CHAT),
)
