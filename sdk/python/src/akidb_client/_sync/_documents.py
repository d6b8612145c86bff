# Written by generate_sync.py from ../_async/_documents.py; change that.
"""Tables of texts with metadata and vectors, as frameworks want them; what their adapters share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ConflictError, NotFoundError
from ..filters import Condition, Field, Where, col
from ..models import Metric
from ..results import SearchResults
from ._client import AkiDB
from ._table import Table

ID, TEXT, METADATA, VECTOR = "id", "text", "metadata", "vector"
#: Most keys in one condition.
MOST_KEYS = 5000


class Documents:
    """A table with the columns `id` (the key), `text`, `metadata` (JSON) and `vector`, made when it is first needed.

    Args:
        db: The server.
        table: Name of the table.
        model: The server's model that embeds texts; None if vectors come with the texts.
        metric: How vectors are compared.
        columns: Further columns by name, with their types.
        hybrid: Whether words can be searched too.
    """

    def __init__(
        self,
        db: AkiDB,
        table: str,
        *,
        model: str | None,
        metric: Metric = "cosine",
        columns: Mapping[str, Any] | None = None,
        hybrid: bool = False,
    ) -> None:
        self.table: Table = db.table(table)
        self.model = model
        self._db = db
        self._metric = metric
        self._columns = dict(columns or {})
        self._hybrid = hybrid
        self._there = False

    def make(self, dimensions: int | None = None) -> bool:
        """Makes the table if it is not there; false if it cannot be, since vectors' length is not known yet."""
        if self._there:
            return True
        if self.model is None and dimensions is None:
            self._there = self._db.has_table(self.table.name)
            return self._there
        columns: dict[str, Any] = {ID: "string", TEXT: "string", METADATA: "json", **self._columns}
        if self.model is None:
            columns[VECTOR] = {"type": "embedding", "dimensions": dimensions, "metric": self._metric}
        self._db.create_table(self.table.name, columns, primary_key=ID, if_exists="ignore")
        if self.model is not None and all(c.name != VECTOR for c in (self.table.describe()).columns):
            try:
                column = self.table.add_embedding(VECTOR, TEXT, model=self.model)
                column.wait()
            except ConflictError:
                pass  # another program was faster
        if self._hybrid:
            try:
                index = self.table.create_text_index(TEXT)
                index.wait()
            except ConflictError:
                pass
        self._there = True
        return True

    def put(self, rows: Sequence[Mapping[str, Any]], on_conflict: Any = "replace") -> int:
        """Writes rows; how many are new or changed."""
        if not rows:
            return 0
        vector = next((row[VECTOR] for row in rows if row.get(VECTOR) is not None), None)
        self.make(len(vector) if vector is not None else None)
        written = self.table.insert(list(rows), on_conflict=on_conflict)
        return written.inserted + written.updated

    def get(self, ids: Sequence[str], *, vectors: bool = False) -> list[dict[str, Any]]:
        """The rows of these keys, in their order; those that are not there are left out."""
        if not ids or not self.make():
            return []
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(ids), MOST_KEYS):
            query = self.table.where(col(ID).is_in(list(ids[start : start + MOST_KEYS])))
            for row in (query.with_vectors() if vectors else query).collect():
                found[row[ID]] = row
        return [found[key] for key in ids if key in found]

    def find(self, where: Where = None, *, vectors: bool = False, limit: int | None = None) -> list[dict[str, Any]]:
        """The rows that a condition lets pass: all, or as many as the limit says."""
        if not self.make():
            return []
        query = self.table.where(where)
        if limit is not None:
            query = query.limit(limit)
        return list((query.with_vectors() if vectors else query).collect())

    def count(self, where: Where = None) -> int:
        return self.table.count(where) if self.make() else 0

    def delete(self, ids: Sequence[str]) -> int:
        """Deletes the rows of these keys; those that are not there are no error."""
        deleted = 0
        if ids and self.make():
            for start in range(0, len(ids), MOST_KEYS):
                deleted += (self.table.delete(col(ID).is_in(list(ids[start : start + MOST_KEYS])))).deleted
        return deleted

    def delete_where(self, where: Where) -> int:
        return (self.table.delete(where)).deleted if self.make() else 0

    def drop(self) -> None:
        self.table.drop(missing_ok=True)
        self._there = False

    def search(self, query: Any, limit: int, **options: Any) -> SearchResults:
        """The nearest rows."""
        if not self.make():
            return SearchResults([])
        try:
            return self.table.search(query, VECTOR, limit=max(1, min(limit, 1000)), **options)
        except NotFoundError:
            self._there = False  # somebody dropped it
            return SearchResults([])


def field_of(name: str) -> Field:
    """The place of a field of the metadata."""
    return col(METADATA)[name]


def both(conditions: Sequence[Any], word: str = "and") -> Any:
    """The conditions joined."""
    parts = [condition.json if isinstance(condition, Condition) else condition for condition in conditions]
    return parts[0] if len(parts) == 1 else {word: parts}
