"""Moves tables of Pixeltable to AkiDB: `akidb-migrate`, or `python -m akidb_client.migration`."""


class MigrationError(Exception):
    """The message says what to do."""
