#!/usr/bin/env python3
"""Builds mlx.core for GraalPy (or for the CPython that runs this) and prints the folder to import from.

    python3 build.py [--target graalpy|cpython] [--cache DIR] [--resources JAR] [--jobs N]

The folder holds the Python parts of MLX and mlx-lm, MLX's library, and the binding; on Linux a folder `tools`
beside it has patchelf, with which GraalPy isolates contexts. It is kept in a cache under a name made of the
versions and the sources, so it is built once. Needs a C++20 compiler and pip; takes a minute or two.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from platforms import (
    CannotBuild,
    Platform,
    Target,
    cpython_name,
    cpython_target,
    find_compiler,
    graalpy_target,
    this_platform,
)

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "src"
COMPILE_FLAGS = ["-std=c++20", "-O1", "-fPIC", "-fvisibility=hidden", "-DNDEBUG", "-w"]


def main() -> int:
    options = read_options()
    try:
        print(build(options.target, options.cache, options.resources, options.jobs))
        return 0
    except CannotBuild as problem:
        print(problem, file=sys.stderr)
        return 2


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", choices=["graalpy", "cpython"], default="graalpy")
    default_cache = os.environ.get("AKIDB_MLX_CACHE", "~/.cache/akidb/mlx")
    parser.add_argument("--cache", type=Path, default=Path(default_cache).expanduser())
    parser.add_argument("--resources", type=Path, help="the jar python-resources, else Maven's own copy")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 8))
    return parser.parse_args()


def build(target_name: str, cache: Path, resources: Path | None, jobs: int) -> Path:
    here = this_platform()
    pins = json.loads((HERE / "wheels.json").read_text())
    folder = cache / f"{target_label(target_name, pins)}-{fingerprint(target_name, here)}"
    site = folder / "site"
    if site.is_dir():
        # The server takes the folder that was asked for last.
        os.utime(site)
        return site
    compiler = find_compiler()
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if site.is_dir():
            return site
        with tempfile.TemporaryDirectory(dir=cache, prefix="building-") as scratch:
            work = Path(scratch)
            own = pins["platforms"][here.name]
            unpack_wheels(download_wheels(pins["any"] + own["wheels"], own["tags"], pins, cache / "wheels"), work / "site")
            unpack_tools(download_wheels(own["tools"], own["tags"], pins, cache / "wheels"), work / "tools")
            target = (
                graalpy_target(here, pins["graalpy"], resources, work / "headers")
                if target_name == "graalpy"
                else cpython_target()
            )
            compile_binding(compiler, target, here, work / "site", cache / "objects", jobs)
            # Complete or absent: nobody sees half a build.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            (work / "tools").rename(folder / "tools")
            (work / "site").rename(site)
    return site


def target_label(target_name: str, pins: dict) -> str:
    return f"graalpy-{pins['graalpy']}" if target_name == "graalpy" else cpython_name()


def fingerprint(target_name: str, here: Platform) -> str:
    """Names everything that decides what comes out."""
    digest = hashlib.sha256()
    for part in [target_name, here.name, *COMPILE_FLAGS, *here.link_flags]:
        digest.update(part.encode() + b"\0")
    for path in [HERE / "wheels.json", *sorted(SOURCES.iterdir())]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def download_wheels(wheels: list, tags: list, pins: dict, folder: Path) -> list[Path]:
    """Fetches pinned wheels with pip, which checks their hashes; those already here are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    present = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in folder.glob("*.whl")}
    missing = [wheel for wheel in wheels if wheel["sha256"] not in present]
    if missing:
        lines = [f"{w['name']}=={w['version']} --hash=sha256:{w['sha256']}" for w in missing]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirements:
            requirements.write("\n".join(lines) + "\n")
            requirements.flush()
            run_pip(tags, pins["python"], folder, requirements.name)
        present = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in folder.glob("*.whl")}
    return [present[wheel["sha256"]] for wheel in wheels]


def run_pip(tags: list, python: str, folder: Path, requirements: str) -> None:
    if importlib.util.find_spec("pip") is None:
        raise CannotBuild(
            f"MLX's wheels cannot be downloaded because {sys.executable} has no pip: install it "
            "(Debian, Ubuntu: apt-get install python3-pip)."
        )
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes", "--implementation", "cp"]
    command += [option for tag in tags for option in ("--platform", tag)]
    command += ["--python-version", python, "--dest", str(folder), "--requirement", requirements]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        lines = (result.stderr or result.stdout).strip().splitlines() or ["pip said nothing"]
        raise CannotBuild(f"MLX's wheels could not be downloaded with pip: {lines[-1].strip()}")


def unpack_wheels(wheels: list[Path], site: Path) -> None:
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)
    for official in (site / "mlx").glob("core.cpython-*"):
        official.unlink()


def unpack_tools(wheels: list[Path], folder: Path) -> None:
    folder.mkdir()
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if ".data/scripts/" in name:
                    program = folder / Path(name).name
                    program.write_bytes(archive.read(name))
                    program.chmod(0o755)


def compile_binding(
    compiler: str, target: Target, here: Platform, site: Path, objects: Path, jobs: int
) -> None:
    includes = [*target.includes, site / "pybind11/include", site / "mlx/include"]
    flags = COMPILE_FLAGS + [f"-I{path}" for path in includes]
    headers = b"".join(path.read_bytes() for path in sorted(SOURCES.glob("*.h")))
    folder = objects / target.name
    folder.mkdir(parents=True, exist_ok=True)

    def compile_one(source: Path) -> Path:
        digest = hashlib.sha256(headers + source.read_bytes() + " ".join(COMPILE_FLAGS).encode())
        result = folder / f"{source.stem}-{digest.hexdigest()[:16]}.o"
        if not result.is_file():
            part = result.with_suffix(".part")
            run_compiler([compiler, *flags, "-c", str(source), "-o", str(part)])
            part.rename(result)
        return result

    with ThreadPoolExecutor(jobs) as pool:
        made = list(pool.map(compile_one, sorted(SOURCES.glob("*.cpp"))))
    library = site / "mlx/lib"
    run_compiler(
        [compiler, "-shared", *map(str, made), f"-L{library}", "-lmlx", *here.link_flags]
        + ["-o", str(site / "mlx" / target.file_name)]
    )
    for stale in set(folder.iterdir()) - set(made):
        stale.unlink()
    shutil.rmtree(site / "pybind11", ignore_errors=True)


def run_compiler(command: list[str]) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.stderr.write(result.stderr)
        raise CannotBuild(f"The MLX binding does not compile with {command[0]}; its messages are above.")


if __name__ == "__main__":
    sys.exit(main())
