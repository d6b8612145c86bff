"""What differs between the platforms and the interpreters that the binding is built for."""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path


class CannotBuild(Exception):
    """Says in one sentence what is missing and what to install."""


@dataclass(frozen=True)
class Platform:
    name: str
    graalpy_suffix: str
    graalpy_folder: str
    link_flags: tuple


# An extension that is unloaded while threads hold its thread-locals crashes the JVM; `nodelete` keeps
# it loaded for the life of the process.
PLATFORMS = {
    "linux-x86_64": Platform(
        "linux-x86_64",
        "graalpy250-312-native-x86_64-linux.so",
        "linux/amd64",
        ("-Wl,-z,nodelete", "-Wl,-rpath,$ORIGIN/lib", "-Wl,-rpath,$ORIGIN", "-s"),
    ),
    "linux-aarch64": Platform(
        "linux-aarch64",
        "graalpy250-312-native-aarch64-linux.so",
        "linux/aarch64",
        ("-Wl,-z,nodelete", "-Wl,-rpath,$ORIGIN/lib", "-Wl,-rpath,$ORIGIN", "-s"),
    ),
    "darwin-arm64": Platform(
        "darwin-arm64",
        "graalpy250-312-native-aarch64-darwin.so",
        "darwin/aarch64",
        ("-undefined", "dynamic_lookup", "-Wl,-rpath,@loader_path/lib", "-Wl,-rpath,@loader_path"),
    ),
}


def this_platform() -> Platform:
    name = f"{platform.system().lower()}-{platform.machine().lower()}"
    name = name.replace("amd64", "x86_64")
    if name == "darwin-aarch64":
        name = "darwin-arm64"
    if name not in PLATFORMS:
        raise CannotBuild(
            f"MLX offers no library for {name}; run AkiDB's MLX models on {', '.join(PLATFORMS)}, "
            "or use the ONNX models, which need nothing."
        )
    return PLATFORMS[name]


def find_compiler() -> str:
    """The C++20 compiler: $CXX, else g++ or clang++ from the path."""
    wanted = os.environ.get("CXX")
    for candidate in [wanted] if wanted else ["g++", "clang++"]:
        path = shutil.which(candidate)
        if path and _compiles_cpp20(path):
            return path
    install = (
        "run 'xcode-select --install'"
        if sys.platform == "darwin"
        else "install g++ 12 or newer (Debian, Ubuntu: apt-get install g++)"
    )
    found = f"$CXX is {wanted}, which is no C++20 compiler" if wanted else "no C++20 compiler was found"
    raise CannotBuild(f"The MLX binding cannot be compiled because {found}: {install}.")


def _compiles_cpp20(compiler: str) -> bool:
    result = subprocess.run(
        [compiler, "-std=c++20", "-x", "c++", "-fsyntax-only", "-"],
        input="#include <string>\nbool f(std::string s) { return s.ends_with(\"x\"); }\n",
        text=True,
        capture_output=True,
        check=False,
    )
    return result.returncode == 0


@dataclass(frozen=True)
class Target:
    """An interpreter to build for: its headers and the name it looks for."""

    name: str
    file_name: str
    includes: tuple


def cpython_target() -> Target:
    includes = Path(sysconfig.get_path("include"))
    if not (includes / "Python.h").is_file():
        raise CannotBuild(
            f"The headers of {sys.executable} are missing: install them (Debian, Ubuntu: apt-get install python3-dev)."
        )
    return Target(cpython_name(), "core" + sysconfig.get_config_var("EXT_SUFFIX"), (includes,))


def cpython_name() -> str:
    return f"cpython-{sys.version_info.major}{sys.version_info.minor}"


def graalpy_target(here: Platform, version: str, jar: Path | None, folder: Path) -> Target:
    """GraalPy's headers come out of its resources' jar into `folder`."""
    jar = jar or (
        Path.home()
        / ".m2/repository/org/graalvm/python/python-resources"
        / version
        / f"python-resources-{version}.jar"
    )
    if not jar.is_file():
        raise CannotBuild(
            f"GraalPy's headers are missing: let Maven fetch org.graalvm.python:python-resources:{version} "
            f"or name its jar with --resources (looked for {jar})."
        )
    prefix = "META-INF/resources/"
    common = prefix + "include/"
    own = f"{prefix}{here.graalpy_folder}/include/python3.12/"
    with zipfile.ZipFile(jar) as archive:
        for name in archive.namelist():
            if name.startswith((common, own)):
                archive.extract(name, folder)
    return Target(
        f"graalpy-{version}",
        "core." + here.graalpy_suffix,
        (folder / own, folder / common),
    )
