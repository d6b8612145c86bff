"""Bars for long work: tqdm's, where it is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from .results import module

#: False for none, True for tqdm's bar, or a function that is called with what is done and what there is, if known.
Progress: TypeAlias = "bool | Callable[[int, int | None], None]"


class Bar:
    """Shows how far a piece of work is."""

    def __init__(self, progress: Progress, total: int | None, what: str, unit: str) -> None:
        self._total = total
        self._done = 0
        self._call = progress if callable(progress) else None
        self._bar: Any = None
        if progress is True:
            self._bar = module("tqdm.auto", "progress").tqdm(total=total, desc=what, unit=unit, unit_scale=True)

    def advance(self, count: int) -> None:
        self.reach(self._done + count)

    def reach(self, done: int, total: int | None = None) -> None:
        if total is not None:
            self._total = total
        if self._call:
            self._call(done, self._total)
        if self._bar is not None:
            self._bar.total = self._total
            self._bar.update(done - self._done)
        self._done = done

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
