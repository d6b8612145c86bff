"""`pixeltable.functions`, and functions of one's own: `@udf`, `@query`."""

from __future__ import annotations

import datetime
import functools
import inspect
import json as json_module
import math as python_math
import sys
import types
import typing
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
        like: The pattern of a filter that means the same, with `?` for the text; None if there is none.
        is_property: Whether it is written without parentheses, such as `t.when.year`.
    """

    model: str | None = None

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
        return Function(
            self.name, self.function, self._type, like=self.like, missing=self._missing, given={**self._given, **named}
        )

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
        if KNOWN.get(self.name) is not None and KNOWN[self.name].function is self.function:
            return {"name": self.name, "using": self._given}
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
}

_STRING = ColumnType("String")
_INT = ColumnType("Int")
_BOOL = ColumnType("Bool")
_FLOAT = ColumnType("Float")
_JSON = ColumnType("Json")


def _known(name: str, function: Callable[..., Any], type: Any, *owners: str, **options: Any) -> Function:
    made = Function(name, function, type, **options)
    KNOWN.setdefault(name, made)
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
    return text.rjust(width, fillchar) if side == "left" else text.ljust(width, fillchar)


def _count(text: str, pattern: str) -> int:
    import re

    return len(re.findall(pattern, text))


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
    "partition": (lambda text, sep: list(text.partition(sep)), _JSON, {}),
    "len": (len, _INT, {}),
    "find": (_find, _INT, {}),
    "rfind": (lambda text, sub, start=0, end=None: text.rfind(sub, start, end), _INT, {}),
    "index": (lambda text, sub, start=0, end=None: text.index(sub, start, end), _INT, {}),
    "count": (_count, _INT, {}),
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

for _name in ("year", "month", "day", "hour", "minute", "second", "microsecond"):
    _owners = ("Timestamp", "Date") if _name in ("year", "month", "day") else ("Timestamp",)
    _known(_name, lambda moment, field=_name: getattr(moment, field), _INT, *_owners, is_property=True)
for _name in ("weekday", "isoweekday"):
    _known(_name, lambda moment, method=_name: getattr(moment, method)(), _INT, "Timestamp", "Date")
_known("isoformat", lambda moment, *rest: moment.isoformat(*rest), _STRING, "Timestamp", "Date")
_known("strftime", lambda moment, format: moment.strftime(format), _STRING, "Timestamp", "Date")
_known("posix_timestamp", datetime.datetime.timestamp, _FLOAT, "Timestamp")

_known("abs", abs, _same_type, "Int", "Float")
_known("round", round, _same_type, "Int", "Float")
_known("ceil", python_math.ceil, _INT, "Int", "Float")
_known("floor", python_math.floor, _INT, "Int", "Float")
_known("sqrt", python_math.sqrt, _FLOAT, "Int", "Float")

sentence_transformer = Embedder("sentence_transformer")
embeddings = Embedder("embeddings")
KNOWN["sentence_transformer"] = sentence_transformer
KNOWN["embeddings"] = embeddings


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

string = _module("string", "Functions of texts.", **{name: METHODS["String"][name] for name in METHODS["String"]})
timestamp = _module("timestamp", "Functions of times.", **METHODS["Timestamp"])
math = _module("math", "Functions of numbers.", **METHODS["Float"])
json = _module(
    "json",
    "Functions of JSON.",
    make_list=make_list,
    dumps=_known("dumps", lambda value: json_module.dumps(value, ensure_ascii=False), _STRING),
)
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
