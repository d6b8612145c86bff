"""Both sides of every comparison: the official wheel in one process, our binding in another."""

import importlib.util
import os
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
