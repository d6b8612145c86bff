"""Both sides of every comparison: the official wheel in one process, our binding in another."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
PYTHON = TESTS.parent
BUILD = PYTHON / "mlx_core" / "build.py"

sys.path[:0] = [str(TESTS), str(PYTHON)]


def missing(reason):
    """Skips, or fails where the tests are required: in CI, with MLX_REQUIRED=1."""
    if os.environ.get("MLX_REQUIRED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def built(target):
    result = subprocess.run(
        [sys.executable, str(BUILD), "--target", target, "--jobs", "2"],
        capture_output=True, text=True, check=False,
    )
    if result.returncode == 2:
        missing(result.stderr.strip())
    assert result.returncode == 0, result.stderr
    return result.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="session")
def official():
    """The folder of site-packages with the official mlx."""
    found = importlib.util.find_spec("mlx")
    if found is None:
        missing("The official mlx is not installed: pip install -r python/tests/requirements.txt")
    return str(Path(list(found.submodule_search_locations)[0]).parent)


@pytest.fixture(scope="session")
def ours():
    """The folder to import our mlx from in CPython."""
    return built("cpython")


def run_python(script, *arguments, site):
    """Runs a script of the tests with the mlx in `site`."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([site, str(PYTHON), str(TESTS)])}
    result = subprocess.run(
        [sys.executable, str(script), *map(str, arguments)],
        env=environment, cwd=TESTS, capture_output=True, text=True, check=False,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout


class GraalPy:
    """The harness: a JVM with GraalPy contexts."""

    def __init__(self, java, class_path, site):
        self._java, self._class_path, self._site = java, class_path, site

    def run(self, script, mode, count, *arguments):
        """Runs a script of the tests once, in isolated contexts, or on threads of one context."""
        folders = os.pathsep.join([self._site, str(PYTHON), str(TESTS)])
        command = [self._java, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
        command += ["-cp", self._class_path, str(TESTS / "graalpy" / "Harness.java")]
        command += [folders, str(script), mode, str(count), *map(str, arguments)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr[-3000:]
        return result.stdout


def find_java():
    """A Java of version 25 or newer: $AKIDB_JAVA, or one in the usual folder."""
    candidates = [os.environ.get("AKIDB_JAVA"), *map(str, sorted(Path("/usr/lib/jvm").glob("*/bin/java")))]
    for candidate in filter(None, candidates):
        told = subprocess.run([candidate, "-version"], capture_output=True, text=True, check=False).stderr
        if int(told.split('"')[1].split(".")[0]) >= 25:
            return candidate
    return missing("No JDK 25 was found; name its java in AKIDB_JAVA")


@pytest.fixture(scope="session")
def graalpy(tmp_path_factory):
    jars = tmp_path_factory.mktemp("jars")
    maven = shutil.which("mvn") or missing("Maven is missing, which fetches GraalPy")
    command = [maven, "-q", "-B", "-f", str(TESTS / "graalpy" / "pom.xml")]
    command += ["dependency:copy-dependencies", f"-DoutputDirectory={jars}"]
    fetched = subprocess.run(command, capture_output=True, text=True, check=False)
    assert fetched.returncode == 0, fetched.stdout[-2000:]
    return GraalPy(find_java(), f"{jars}/*", built("graalpy"))
