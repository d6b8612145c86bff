"""What scripts/akidb doctor finds, and what it makes of it."""

import os
import shutil
import socket
import subprocess

import pytest
from conftest import PYTHON

AKIDB = PYTHON.parent / "scripts" / "akidb"
TOOLS = "bash dirname readlink uname id find sort tail head sed tr cut grep du df awk ls basename env cat"


@pytest.fixture
def machine(tmp_path):
    """Runs the doctor on a machine whose home is empty and that has a few programs only."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in TOOLS.split():
        (programs / tool).symlink_to(shutil.which(tool))

    def doctor(*arguments, path=str(programs), **environment):
        environment = {"PATH": path, "HOME": str(tmp_path), "AKIDB_JAR": "/none", **environment}
        return subprocess.run(
            [AKIDB, "doctor", f"--akidb.data-dir={tmp_path / 'data'}", *free_ports(), *arguments],
            env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
        )

    return doctor


def free_ports():
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return [f"--server.port={one.getsockname()[1]}", f"--spring.grpc.server.port={two.getsockname()[1]}"]


def jdk(folder, version):
    """Something that answers as a JDK of that version does."""
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'java.specification.version = {version}' >&2\n")
    java.chmod(0o755)
    return str(folder)


def test_a_machine_with_what_the_server_needs_is_well(machine, tmp_path):
    result = machine(JAVA_HOME=jdk(tmp_path / "jdk", 25))
    assert result.returncode == 0, result.stdout
    assert "ok   JDK" in result.stdout
    assert "(only models on MLX need it)" in result.stdout


def test_what_mlx_needs_is_missing_when_it_is_asked_for(machine, tmp_path):
    result = machine("--mlx", JAVA_HOME=jdk(tmp_path / "jdk", 25))
    assert result.returncode == 1
    assert "NO   compiler         no C++20 compiler" in result.stdout
    assert "NO   binding          not built" in result.stdout
    assert "→ scripts/build_mlx" in result.stdout


def test_a_data_directory_that_is_a_file_is_told(machine, tmp_path):
    (tmp_path / "data").write_text("")
    result = machine(JAVA_HOME=jdk(tmp_path / "jdk", 25))
    assert result.returncode == 1
    assert "is no directory" in result.stdout


def test_a_port_that_another_program_has_is_told(machine, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = machine(f"--server.port={port}", JAVA_HOME=jdk(tmp_path / "jdk", 25))
    assert result.returncode == 1
    assert f"NO   port {port}" in result.stdout
    assert "--server.port" in result.stdout


def test_models_in_the_caches_are_listed(machine, tmp_path):
    for folder in ("models/hub/owner--small/main", "hf/hub/models--other--large/snapshots/abc"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "config.json").write_text("{}")
        (tmp_path / folder / "model.safetensors").write_text("")
    result = machine(
        JAVA_HOME=jdk(tmp_path / "jdk", 25), AKIDB_CACHE_DIR=str(tmp_path / "models"), HF_HOME=str(tmp_path / "hf")
    )
    assert "owner/small, main" in result.stdout
    assert "other/large, abc" in result.stdout


def test_an_unknown_option_is_refused(machine):
    result = machine("--mlxx")
    assert result.returncode == 2
    assert "unknown option '--mlxx'" in result.stderr
    assert os.path.basename(str(AKIDB)) in result.stderr
