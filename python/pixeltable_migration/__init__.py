"""Moves a table of Pixeltable to AkiDB, with the vectors that it has; see `__main__`."""
