"""What the adapters of frameworks share: one store for programs that wait and for those that await."""

from __future__ import annotations

import asyncio
import weakref
from typing import Any

from ._async._client import AsyncAkiDB
from ._async._documents import AsyncDocuments
from ._sync._client import AkiDB
from ._sync._documents import Documents


class Store:
    """A table of documents.

    Attributes:
        db: The server.
        documents: The table, for code that waits.
    """

    def __init__(self, db: AkiDB | str | None, table: str, **options: Any) -> None:
        self.db = db if isinstance(db, AkiDB) else AkiDB(db)
        self.documents = Documents(self.db, table, **options)
        self._table = table
        self._options = options
        self._awaiting: weakref.WeakKeyDictionary[Any, AsyncDocuments] = weakref.WeakKeyDictionary()

    def here(self) -> AsyncDocuments:
        """The table, for code that awaits: connections belong to the event loop that runs."""
        loop = asyncio.get_running_loop()
        if loop not in self._awaiting:
            for ended in [other for other in self._awaiting if other.is_closed()]:
                del self._awaiting[ended]  # its connections keep it alive
            settings = self.db._transport.settings
            db = AsyncAkiDB(
                settings.url,
                api_key=settings.api_key,
                timeout=settings.timeout,
                retries=settings.retries,
                headers=settings.headers,
            )
            self._awaiting[loop] = AsyncDocuments(db, self._table, **self._options)
        return self._awaiting[loop]
