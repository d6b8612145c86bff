"""Benchmarks that run inside a JVM, without HTTP: what the server's figures are to be compared with."""

import pathlib
import subprocess

from .server import HOME

OPTIONS = HOME / "config" / "jvm.options"


def run(main_class, **properties):
    """Runs a main class of src/test/java, whose output goes where ours does."""
    subprocess.run(_command(main_class, (), None, properties), cwd=HOME, check=True)


def start(main_class, **properties):
    """A running main class of src/test/java that is talked to by lines."""
    command = _command(main_class, (), None, properties)
    return subprocess.Popen(
        command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def capture(main_class, *arguments, profile=None, **properties):
    """The lines that a main class of src/test/java prints for itself; log lines are left out."""
    command = _command(main_class, arguments, profile, properties)
    done = subprocess.run(command, cwd=HOME, check=True, capture_output=True, text=True)
    return [line for line in done.stdout.splitlines() if line and not line[0].isdigit() and not line.startswith("{")]


def start(main_class, *arguments, profile=None, **properties):
    """A main class of src/test/java that is asked and answers line by line."""
    command = _command(main_class, arguments, profile, properties)
    return subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _command(main_class, arguments, profile, properties):
    java = subprocess.run([HOME / "scripts" / "jdk25"], check=True, capture_output=True, text=True).stdout.strip()
    class_path = HOME / "target" / "benchmark.classpath"
    print("\nCompiling the benchmarks that run in process ...", flush=True)
    profiles = [f"-P{profile}"] if profile else []
    subprocess.run(
        ["mvn", "-q", "-B", "-ntp", *profiles, "test-compile", "dependency:build-classpath", f"-Dmdep.outputFile={class_path}"],
        cwd=HOME,
        check=True,
    )
    folders = [HOME / "target" / "test-classes", HOME / "target" / "classes"]
    path = ":".join([*map(str, folders), class_path.read_text().strip()])
    settings = [f"-D{name}={value}" for name, value in properties.items()]
    return [pathlib.Path(java) / "bin" / "java", f"@{OPTIONS}", *settings, "-cp", path, main_class, *arguments]
