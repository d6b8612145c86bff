"""Calls AkiDB by REST."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

from .failure import MigrationError

KEY_VARIABLE = "AKIDB_API_KEY"
TIMEOUT_SECONDS = 600


class Server:
    """A running AkiDB.

    Attributes:
        address: Such as http://127.0.0.1:8080.
    """

    def __init__(self, address: str):
        self.address = address.rstrip("/")
        self.key = os.environ.get(KEY_VARIABLE)

    def call(self, method: str, path: str, body=None):
        """The answer's JSON.

        Raises:
            MigrationError: The server cannot be reached or refuses; the message is the server's.
        """
        request = urllib.request.Request(self.address + path, method=method)
        request.add_header("Accept", "application/json")
        if self.key:
            request.add_header("Authorization", f"Bearer {self.key}")
        data = None
        if body is not None:
            request.add_header("Content-Type", "application/json")
            data = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        try:
            with urllib.request.urlopen(request, data, TIMEOUT_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            raise MigrationError(f"{method} {path}: {message(refusal)}") from refusal
        except urllib.error.URLError as problem:
            raise MigrationError(f"AkiDB cannot be reached at {self.address}: {problem.reason}") from problem


def message(refusal: urllib.error.HTTPError) -> str:
    text = refusal.read().decode("utf-8", "replace")
    try:
        return f"{refusal.code}, {json.loads(text)['error']}"
    except (ValueError, KeyError, TypeError):
        return f"{refusal.code}, {text[:300]}"


def table_path(name: str) -> str:
    return "/api/v1/tables/" + urllib.parse.quote(name, safe="")
