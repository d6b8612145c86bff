"""What can go wrong, in words for the person who moves the table."""


class MigrationError(Exception):
    """The message says what to do."""
