"""A server of one's own over a directory, shared between processes, by `scripts/akidb local`."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from .errors import ConfigurationError

HOME_VARIABLE = "AKIDB_HOME"


class LocalServer:
    """A use of the server over a directory: it runs at least until this is closed, or this process ends.

    Attributes:
        url: Its address.
        key: Its API key.
        pid: Its process id.
        started: Whether this use started it.
    """

    def __init__(
        self,
        data_dir: str | Path,
        home: str | Path | None,
        progress: bool,
        linger: int,
        start_timeout: float,
        settings: Mapping[str, str] | None,
    ) -> None:
        command = [str(launcher(home)), "local", str(Path(data_dir).expanduser().resolve())]
        if linger:
            command += ["--linger", str(linger)]
        command += [f"--{name}={value}" for name, value in (settings or {}).items()]
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 # closed by close()
        try:
            # a session of its own: Ctrl-C in a terminal is for this program, which then closes the server
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if progress and _has_descriptor(sys.stderr) else self._told,
                start_new_session=True,
            )
        except OSError as problem:
            self._told.close()
            raise ConfigurationError(f"{command[0]} cannot be run: {problem}") from None
        timer = threading.Timer(start_timeout, self._process.terminate)
        timer.start()
        try:
            line = self._process.stdout.readline() if self._process.stdout else b""
        except BaseException:
            self.close()
            raise
        finally:
            timer.cancel()
        if not line:
            self.close()
            raise ConfigurationError(f"AkiDB did not start over {data_dir}{self._reason(start_timeout)}")
        told = json.loads(line)
        self.url: str = told["url"]
        self.key: str = told["key"]
        self.pid: int = told["pid"]
        self.started: bool = told["started"]

    def _reason(self, start_timeout: float) -> str:
        if self._process.returncode in (130, -15):
            return f" within {start_timeout:g} s"
        with contextlib.suppress(ValueError, OSError):
            self._told.seek(0)
            words = self._told.read().decode("utf-8", "replace").strip()
            if words:
                return ": " + words
        return "; standard error says why"

    def close(self) -> None:
        """Ends this use; the server stops if it was the last. May be called twice."""
        process = self._process
        if process.stdin and not process.stdin.closed:
            with contextlib.suppress(OSError):
                process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        if process.poll() is None:
            process.terminate()
            process.wait()
        if process.stdout:
            process.stdout.close()


def launcher(home: str | Path | None) -> Path:
    """
    Raises:
        ConfigurationError: There is none.
    """
    named = home or os.environ.get(HOME_VARIABLE)
    if named:
        place = Path(named).expanduser()
        for candidate in (place, place / "scripts" / "akidb", place / "bin" / "akidb"):
            if candidate.is_file() and os.access(candidate, os.X_OK):
                return candidate
        raise ConfigurationError(f"{place} is no folder of AkiDB: it has no scripts/akidb")
    found = shutil.which("akidb")
    if found:
        return Path(found)
    # this package lies in a checkout
    for folder in Path(__file__).resolve().parents:
        if (folder / "scripts" / "akidb").is_file() and (folder / "pom.xml").is_file():
            return folder / "scripts" / "akidb"
    raise ConfigurationError(
        f"there is no AkiDB to start: put its scripts/akidb on the PATH, set {HOME_VARIABLE} to its folder, or say home="
    )


def _has_descriptor(stream: object) -> bool:
    try:
        stream.fileno()  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False  # notebooks and tests replace standard error
    return True
