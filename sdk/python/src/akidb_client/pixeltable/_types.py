"""Types of columns: `pxt.String`, `pxt.Int | None`, `pxt.Array[(384,), pxt.Float]`."""

from __future__ import annotations

import datetime
import re
import types as python_types
import typing
import uuid
from dataclasses import dataclass, replace
from typing import Any

from .exceptions import NotSupported, RequestError


@dataclass(frozen=True)
class ColumnType:
    """What values a column or an expression has; missing ones only if `nullable`."""

    kind: str
    nullable: bool = False
    shape: tuple[int | None, ...] | None = None
    dtype: str | None = None

    def __str__(self) -> str:
        text = self.kind
        if self.kind == "Array" and self.shape is not None:
            text = f"Array[({', '.join(str(size) for size in self.shape)}{',' if len(self.shape) == 1 else ''}), {self.dtype}]"
        return text + (" | None" if self.nullable else "")

    __repr__ = __str__

    def or_none(self) -> ColumnType:
        return replace(self, nullable=True)

    def not_none(self) -> ColumnType:
        return replace(self, nullable=False)

    @property
    def dimensions(self) -> int | None:
        """Length of a vector that AkiDB can search; None for other arrays."""
        if self.kind == "Array" and self.shape and len(self.shape) == 1 and (self.dtype or "").startswith("float"):
            return self.shape[0]
        return None

    @property
    def stored(self) -> dict[str, Any]:
        """The column's type in AkiDB."""
        if self.dimensions:
            return {"type": "embedding", "dimensions": self.dimensions}
        return {"type": _STORED[self.kind]}

    def to_json(self) -> str:
        return str(self)

    @staticmethod
    def from_json(text: str) -> ColumnType:
        """What `str` wrote."""
        nullable = text.endswith(" | None")
        text = text.removesuffix(" | None")
        array = re.fullmatch(r"Array\[\((.*)\), (\w+)\]", text)
        if array:
            sizes = tuple(None if size.strip() == "None" else int(size) for size in array[1].split(",") if size.strip())
            return ColumnType("Array", nullable, sizes, array[2])
        return ColumnType(text, nullable)


class _Form:
    """A type as programs write it."""

    _kind = ""

    def __class_getitem__(cls, parameters: Any) -> Any:
        return cls  # Json[{...}] and Image[...]: what is inside is not checked


class String(_Form):
    _kind = "String"


class Int(_Form):
    _kind = "Int"


class Float(_Form):
    _kind = "Float"


class Bool(_Form):
    _kind = "Bool"


class Timestamp(_Form):
    _kind = "Timestamp"


class Date(_Form):
    _kind = "Date"


class Json(_Form):
    _kind = "Json"


class UUID(_Form):
    _kind = "UUID"


class Image(_Form):
    _kind = "Image"


class Video(_Form):
    _kind = "Video"


class Audio(_Form):
    _kind = "Audio"


class Document(_Form):
    _kind = "Document"


class Binary(_Form):
    _kind = "Binary"


class _Wrapped:
    """A type that is no class, so that `| None` has to be told what to do."""

    def __init__(self, type: ColumnType) -> None:
        self.type = type

    def __or__(self, other: Any) -> _Wrapped:
        if other is None:
            return _Wrapped(self.type.or_none())
        return NotImplemented

    __ror__ = __or__

    def __repr__(self) -> str:
        return repr(self.type)


class Array(_Form):
    _kind = "Array"

    def __class_getitem__(cls, parameters: Any) -> Any:
        """`Array[(384,), Float]`, in either order, or either alone."""
        parts = parameters if isinstance(parameters, tuple) and not _is_shape(parameters) else (parameters,)
        shape, dtype = None, None
        for part in parts:
            if _is_shape(part):
                shape = tuple(part)
            else:
                name = getattr(part, "_kind", None) or getattr(part, "__name__", None) or str(part)
                dtype = {"Float": "float32", "Int": "int64", "Bool": "bool", "String": "str"}.get(name, name)
        return _Wrapped(ColumnType("Array", False, shape, dtype))


class Required(_Form):
    def __class_getitem__(cls, parameters: Any) -> Any:
        return _Wrapped(type_of(parameters).not_none())


def _is_shape(value: Any) -> bool:
    return isinstance(value, tuple) and all(size is None or isinstance(size, int) for size in value)


_STORED = {
    "String": "string",
    "Int": "int",
    "Float": "float",
    "Bool": "bool",
    "Timestamp": "timestamp",
    "Date": "string",
    "UUID": "string",
    "Json": "json",
    "Array": "json",
    "Image": "string",
    "Video": "string",
    "Audio": "string",
    "Document": "string",
}
MEDIA = ("Image", "Video", "Audio", "Document")

_PYTHON: dict[Any, str] = {
    str: "String",
    int: "Int",
    float: "Float",
    bool: "Bool",
    dict: "Json",
    list: "Json",
    tuple: "Json",
    datetime.datetime: "Timestamp",
    datetime.date: "Date",
    uuid.UUID: "UUID",
}


def type_of(form: Any) -> ColumnType:
    """
    Raises:
        RequestError: It is none.
    """
    if isinstance(form, ColumnType):
        return form
    if isinstance(form, _Wrapped):
        return form.type
    if isinstance(form, type) and issubclass(form, _Form):
        if form._kind == "Binary":
            raise NotSupported("AkiDB keeps no bytes; keep the address of a file in a column of type String")
        return ColumnType(form._kind)
    if form in _PYTHON if isinstance(form, type) else False:
        return ColumnType(_PYTHON[form])
    origin = typing.get_origin(form)
    if origin in (typing.Union, python_types.UnionType):
        parts = [part for part in typing.get_args(form) if part is not type(None)]
        if len(parts) == 1:
            return type_of(parts[0]).or_none()
    if origin in (dict, list, tuple):
        return ColumnType("Json")
    if form is typing.Any:
        return ColumnType("Json", True)
    if getattr(form, "__name__", "") == "ndarray":
        return ColumnType("Array")
    raise RequestError(f"{form!r} is no type of a column")


def type_of_value(value: Any) -> ColumnType:
    """The type of a literal."""
    if value is None:
        return ColumnType("Json", True)
    for python, kind in ((bool, "Bool"), (int, "Int"), (float, "Float"), (str, "String")):
        if isinstance(value, python):
            return ColumnType(kind)
    if isinstance(value, datetime.datetime):
        return ColumnType("Timestamp")
    if isinstance(value, datetime.date):
        return ColumnType("Date")
    if isinstance(value, uuid.UUID):
        return ColumnType("UUID")
    if hasattr(value, "dtype") and hasattr(value, "shape"):
        return ColumnType("Array", False, tuple(value.shape), str(value.dtype))
    return ColumnType("Json")


def checked(value: Any, kind: ColumnType) -> Any:
    """The value as AkiDB keeps it.

    Raises:
        TypeError: It does not fit; the message says what was expected.
    """
    if value is None or type(value).__name__ == "NaTType":
        if not kind.nullable:
            raise TypeError("expected non-None value")
        return None
    name = kind.kind
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        value = value.item()
    if name == "String" or name in MEDIA:
        return _expect(value, str, "string")
    if name == "Int":
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"expected int, got {type(value).__name__}")
        return value
    if name == "Float":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"expected float, got {type(value).__name__}")
        return float(value)
    if name == "Bool":
        return _expect(value, bool, "bool")
    if name == "Timestamp":
        if isinstance(value, str):
            value = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        if not isinstance(value, datetime.datetime):
            raise TypeError(f"expected datetime.datetime, got {type(value).__name__}")
        return value.astimezone(datetime.timezone.utc)
    if name == "Date":
        if isinstance(value, str):
            value = datetime.date.fromisoformat(value)
        if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date):
            raise TypeError(f"expected datetime.date, got {type(value).__name__}")
        return value.isoformat()
    if name == "UUID":
        return str(value if isinstance(value, uuid.UUID) else uuid.UUID(value))
    if name == "Array":
        return _array(value, kind)
    return value


def _expect(value: Any, kind: type, name: str) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"expected {name}, got {type(value).__name__}")
    return value


def _array(value: Any, kind: ColumnType) -> list[Any]:
    import numpy

    array = numpy.asarray(value, dtype=kind.dtype if kind.dtype not in (None, "str") else None)
    if kind.shape is not None and (
        array.ndim != len(kind.shape) or any(want not in (None, have) for want, have in zip(kind.shape, array.shape))
    ):
        raise TypeError(
            f"expected numpy.ndarray({kind.shape}, dtype={kind.dtype}), got numpy.ndarray({array.shape}, dtype={array.dtype})"
        )
    listed: list[Any] = array.tolist()
    return listed


def shown(value: Any, kind: ColumnType) -> Any:
    """What AkiDB keeps as Pixeltable shows it."""
    if value is None:
        return None
    if kind.kind == "Timestamp" and isinstance(value, str):
        return _instant(value).astimezone()
    if kind.kind == "Date" and isinstance(value, str):
        return datetime.date.fromisoformat(value)
    if kind.kind == "UUID" and isinstance(value, str):
        return uuid.UUID(value)
    if kind.kind == "Array":
        import numpy

        return numpy.asarray(value, dtype=kind.dtype or None)
    if kind.kind == "Float":
        return float(value)
    return value


#: Names that AkiDB's rows use for something else; columns of these names get two underscores behind them.
TAKEN = frozenset({"row_id", "rowid", "version", "changed_at", "similarity_score", "computed"})


def stored_name(name: str) -> str:
    """AkiDB's name of a column of Pixeltable."""
    return f"{name}__" if name in TAKEN else name


def shown_name(name: str) -> str:
    """Pixeltable's name of a column of AkiDB."""
    return name[:-2] if name.endswith("__") and name[:-2] in TAKEN else name


def _instant(text: str) -> datetime.datetime:
    """RFC 3339 with any number of digits, which Python reads from 3.11 on."""
    whole, _, rest = text.rstrip("Z").partition(".")
    moment = datetime.datetime.fromisoformat(whole).replace(tzinfo=datetime.timezone.utc)
    return moment.replace(microsecond=int(rest[:6].ljust(6, "0"))) if rest else moment
