"""Benchmarks that run inside a JVM, without HTTP: what the server's figures are to be compared with."""

import pathlib
import subprocess

from .server import HOME

OPTIONS = HOME / "config" / "jvm.options"


def run(main_class, **properties):
    """Runs a main class of src/test/java, whose output goes where ours does."""
    java = subprocess.run([HOME / "scripts" / "jdk25"], check=True, capture_output=True, text=True).stdout.strip()
    class_path = HOME / "target" / "benchmark.classpath"
    print("\nCompiling the benchmarks that run in process ...", flush=True)
    subprocess.run(
        ["mvn", "-q", "-B", "-ntp", "test-compile", "dependency:build-classpath", f"-Dmdep.outputFile={class_path}"],
        cwd=HOME,
        check=True,
    )
    folders = [HOME / "target" / "test-classes", HOME / "target" / "classes"]
    path = ":".join([*map(str, folders), class_path.read_text().strip()])
    settings = [f"-D{name}={value}" for name, value in properties.items()]
    subprocess.run([pathlib.Path(java) / "bin" / "java", f"@{OPTIONS}", *settings, "-cp", path, main_class], cwd=HOME, check=True)
